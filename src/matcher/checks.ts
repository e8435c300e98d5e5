/** What the matcher's door takes. Anything else is refused before it touches the gallery. */
import { VultusError } from '../contract/errors.ts'
import type { GalleryChange, GalleryRows } from '../contract/processes.ts'
import { unitLengthTolerance } from './bound.ts'
import { dimensionMax } from './laneRows.ts'

/** Rows in one hand-over. */
const rowsPerCallMax = 262_144
const modelCharactersMax = 200
const referenceNoMax = 2 ** 32 - 1

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** @throws VultusError request.invalid, template.invalid */
export function checkBegin(options: { model: string; dimension: number; meanTemplate: Float32Array; rowsExpected: number }): void {
  checkRecord(options)
  const { model, dimension, meanTemplate, rowsExpected } = options
  if (typeof model !== 'string' || model.length === 0 || model.length > modelCharactersMax) throw invalid('model')
  if (!isCount(dimension) || dimension === 0 || dimension > dimensionMax) throw invalid(`dimension is 1 to ${dimensionMax}`)
  if (!isCount(rowsExpected) || rowsExpected > referenceNoMax) throw invalid('rowsExpected')
  if (!(meanTemplate instanceof Float32Array) || meanTemplate.length !== dimension) {
    throw new VultusError('template.invalid', 'the mean template has another dimension')
  }
  if (!(lengthOf(meanTemplate, 0, dimension) <= 1 + unitLengthTolerance)) {
    throw new VultusError('template.invalid', 'the mean template is not inside the unit sphere')
  }
}

/** @throws VultusError request.invalid */
export function checkSequence(sequence: unknown): void {
  if (!isCount(sequence)) throw invalid('sequence')
}

/** @throws VultusError request.invalid, template.invalid */
export function checkRows(rows: GalleryRows, dimension: number): void {
  checkRecord(rows)
  const { referenceNos, templates } = rows
  checkReferenceNos(referenceNos)
  if (!(templates instanceof Float32Array) || templates.length !== referenceNos.length * dimension) {
    throw new VultusError('template.invalid', `${referenceNos.length} rows of dimension ${dimension} are expected`)
  }
  for (let row = 0; row < referenceNos.length; row++) {
    if (!isUnit(templates, row * dimension, dimension)) throw new VultusError('template.invalid', `row ${row} is not of unit length`)
  }
}

/** @throws VultusError request.invalid, template.invalid */
export function checkChange(change: GalleryChange, dimension: number): void {
  checkRecord(change)
  checkSequence(change.sequence)
  checkReferenceNos(change.removed)
  checkRows(change.added, dimension)
}

/** @throws VultusError request.invalid, template.invalid */
export function checkSearch(options: { probe: Float32Array; threshold: number }, dimension: number): void {
  const { probe, threshold } = options
  if (typeof threshold !== 'number' || !Number.isFinite(threshold)) throw invalid('threshold')
  if (!(probe instanceof Float32Array) || probe.length !== dimension) {
    throw new VultusError('template.invalid', `the dimension is ${dimension}`)
  }
  if (!isUnit(probe, 0, dimension)) throw new VultusError('template.invalid', 'the probe is not of unit length')
}

/** The port carries anything that can be cloned. @throws VultusError request.invalid */
export function checkRecord(value: unknown): void {
  if (typeof value !== 'object' || value === null) throw invalid('an object is expected')
}

function checkReferenceNos(referenceNos: Uint32Array): void {
  if (!(referenceNos instanceof Uint32Array) || referenceNos.length > rowsPerCallMax) {
    throw invalid(`reference numbers are a Uint32Array of at most ${rowsPerCallMax}`)
  }
  if (referenceNos.includes(0)) throw invalid('a reference number is 1 or more')
}

function lengthOf(values: Float32Array, from: number, count: number): number {
  let sum = 0
  for (let index = from; index < from + count; index++) sum += values[index]! * values[index]!
  return Math.sqrt(sum)
}

/** False for NaN and infinities too: no comparison with them holds. */
const isUnit = (values: Float32Array, from: number, count: number) => Math.abs(lengthOf(values, from, count) - 1) <= unitLengthTolerance

const invalid = (detail: string) => new VultusError('request.invalid', detail)
