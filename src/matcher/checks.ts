/** What the matcher's door takes. Anything else is refused before it touches the gallery. */
import { VultusError } from '../contract/errors.ts'
import type { GalleryBlockRows, GalleryChange, GalleryLabels, GalleryRows, LabelFilter, MatcherSearch } from '../contract/processes.ts'
import { type GalleryBlock, openGalleryBlock } from '../core/gallery/block.ts'
import { isUnitLength, lengthOf, unitLengthTolerance } from '../core/gallery/rowEncoder.ts'
import { dimensionMax } from '../core/gallery/rowLayout.ts'
import { stageNames } from './api.ts'

/** Rows in one hand-over. */
const rowsPerCallMax = 262_144
const modelCharactersMax = 200
/** Probes of one call. */
const probesMax = 1_024
const referenceNoMax = 2 ** 32 - 1

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** @throws VultusError request.invalid, template.invalid */
export function checkBegin(options: { model: string; dimension: number; meanTemplate: Float32Array; rowsExpected: number }): void {
  checkRecord(options)
  const { model, dimension, meanTemplate, rowsExpected } = options
  checkModel(model)
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
export function checkModel(model: unknown): void {
  if (typeof model !== 'string' || model.length === 0 || model.length > modelCharactersMax) throw invalid('model')
}

/** @throws VultusError request.invalid */
export function checkSequence(sequence: unknown): void {
  if (!isCount(sequence)) throw invalid('sequence')
}

/** @throws VultusError request.invalid, template.invalid */
export function checkRows(rows: GalleryRows, dimension: number): void {
  checkRecord(rows)
  const { referenceNos, templates, labels } = rows
  checkReferenceNos(referenceNos)
  if (labels !== undefined && (!(labels instanceof Uint32Array) || labels.length !== referenceNos.length)) throw invalid('labels')
  if (!(templates instanceof Float32Array) || templates.length !== referenceNos.length * dimension) {
    throw new VultusError('template.invalid', `${referenceNos.length} rows of dimension ${dimension} are expected`)
  }
  for (let row = 0; row < referenceNos.length; row++) {
    if (!isUnitLength(templates, row * dimension, dimension)) throw new VultusError('template.invalid', `row ${row} is not of unit length`)
  }
}

/**
 * The block of rows that was made for this gallery.
 * @param format of core/gallery/galleryFormat.ts
 * @throws VultusError request.invalid; gallery.blockRefused where it was made for another format, or holds what no row has
 */
export function openedBlock(rows: GalleryBlockRows, format: string): GalleryBlock {
  checkRecord(rows)
  const { block, without } = rows
  if (!(block instanceof Uint8Array)) throw invalid('a block is bytes')
  checkReferenceNos(without)
  const opened = openGalleryBlock(block)
  if (opened === undefined) throw new VultusError('gallery.blockRefused', 'it is of another layout, or inconsistent')
  if (opened.format !== format) throw new VultusError('gallery.blockRefused', `its format is "${opened.format}", not "${format}"`)
  return opened
}

/** @throws VultusError request.invalid, template.invalid */
export function checkChange(change: GalleryChange, dimension: number): void {
  checkRecord(change)
  checkSequence(change.sequence)
  checkReferenceNos(change.removed)
  checkRows(change.added, dimension)
  if (change.relabelled !== undefined) checkLabels(change.relabelled)
}

/** @throws VultusError request.invalid */
export function checkLabels(labelled: GalleryLabels): void {
  checkRecord(labelled)
  checkReferenceNos(labelled.referenceNos)
  if (!(labelled.labels instanceof Uint32Array) || labelled.labels.length !== labelled.referenceNos.length) throw invalid('labels')
}

/** The probe may be several, one after another. @throws VultusError request.invalid, template.invalid */
export function checkSearch(options: MatcherSearch, dimension: number): void {
  const { probe, threshold, limit, filter, stage } = options
  if (typeof threshold !== 'number' || !Number.isFinite(threshold)) throw invalid('threshold')
  if (limit !== undefined && (!isCount(limit) || limit === 0 || limit > referenceNoMax)) throw invalid('limit')
  if (stage !== undefined && !stageNames.includes(stage)) throw invalid('stage')
  if (filter !== undefined) checkFilter(filter)
  if (!(probe instanceof Float32Array) || probe.length === 0 || probe.length % dimension !== 0) {
    throw new VultusError('template.invalid', `the dimension is ${dimension}`)
  }
  if (probe.length / dimension > probesMax) throw invalid(`at most ${probesMax} probes`)
  for (let at = 0; at < probe.length; at += dimension) {
    if (!isUnitLength(probe, at, dimension)) throw new VultusError('template.invalid', 'the probe is not of unit length')
  }
}

/** The probes of a batch. */
export const probesOf = (probes: Float32Array, dimension: number): Float32Array[] =>
  Array.from({ length: probes.length / dimension }, (_, index) => probes.subarray(index * dimension, (index + 1) * dimension))

function checkFilter(filter: LabelFilter): void {
  checkRecord(filter)
  const { categories, purposes = 0, watchLists = 0 } = filter
  if (categories !== undefined) {
    const fit = Array.isArray(categories) && categories.length <= 256 && categories.every((one) => isCount(one) && one < 256)
    if (!fit) throw invalid('categories are numbers from 0 to 255')
  }
  if (!isCount(purposes) || purposes > 0xff) throw invalid('purposes are 8 bits')
  if (!isCount(watchLists) || watchLists > 0xffff) throw invalid('watch-lists are 16 bits')
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

const invalid = (detail: string) => new VultusError('request.invalid', detail)
