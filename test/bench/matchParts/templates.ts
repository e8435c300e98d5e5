/**
 * Drawn templates of unit length, of two kinds, each the same in every run:
 * - face-like: what a modern model makes of faces. The variances along the principal directions fall as i^-0.5, the mean is 0, and
 *   mates have a score of N(0.6, 0.12).
 * - starter: what the starter pack's model makes of them. All templates lie around one point, so that different people have a mean
 *   score of 0.84; variances around it fall as 1/i, which puts one pair of different people in a thousand above about 0.94, as the
 *   pack's calibration says (0.935). Mates have N(0.97, 0.01).
 */
import { comparisonScore } from '../../../src/core/comparison.ts'
import { drawNormal, drawnDimensionMax, drawnRowsMax, normalStream } from './draw.ts'

export type TemplateKind = 'face-like' | 'starter'

export interface Templates {
  readonly kind: TemplateKind
  readonly dimension: number
  readonly meanTemplate: Float32Array
  /** Writes the template of a row. */
  row(row: number, into: Float32Array): void
}

export interface Probe {
  readonly template: Float32Array
  /** The row of the same person; undefined where nobody of the gallery is that person. */
  readonly mate: number | undefined
}

const seed = 2026
const directionsSeed = 7
const probesFrom = drawnRowsMax - 65_536
/** Look-alikes are so much above the threshold at most. */
const lookAlikeSpread = 0.02
const pairsOfQuantile = 400_000

interface Shape {
  readonly decay: number
  /** Score of two different people in the mean: the squared length of the mean template. */
  readonly meanScore: number
  readonly mates: { readonly mean: number; readonly deviation: number }
}

const shapes: Readonly<Record<TemplateKind, Shape>> = {
  'face-like': { decay: 0.5, meanScore: 0, mates: { mean: 0.6, deviation: 0.12 } },
  starter: { decay: 1, meanScore: 0.84, mates: { mean: 0.97, deviation: 0.01 } },
}

/** @param direction of what all templates lie around; drawn where it is left out */
export function templatesOf(kind: TemplateKind, dimension: number, direction?: Float32Array): Templates {
  if (!Number.isInteger(dimension) || dimension < 8 || dimension > drawnDimensionMax) {
    throw new RangeError(`A dimension is 8 to ${drawnDimensionMax}`)
  }
  const { decay, meanScore } = shapes[kind]
  const deviations = Float32Array.from({ length: dimension }, (_, at) => (at + 1) ** (-decay / 2))
  const signs = signsOf(dimension)
  const centre = direction?.slice() ?? new Float32Array(dimension)
  if (direction === undefined) drawNormal(directionsSeed + 1, 0, centre)
  scaleTo(centre, Math.sqrt(meanScore))
  const around = Math.sqrt(1 - meanScore)
  return {
    kind,
    dimension,
    meanTemplate: centre,
    row: (row, into) => {
      drawNormal(seed, row, into)
      for (let at = 0; at < dimension; at++) into[at] = (into[at] as number) * (deviations[at] as number) * (signs[at] as number)
      turn(into)
      if (meanScore > 0) {
        const along = comparisonScore(centre, into) / meanScore
        for (let at = 0; at < dimension; at++) into[at] = (into[at] as number) - along * (centre[at] as number)
        scaleTo(into, around)
        for (let at = 0; at < dimension; at++) into[at] = (into[at] as number) + (centre[at] as number)
      }
      scaleTo(into, 1)
    },
  }
}

/**
 * The same rows with people among them who look like those of other templates: for each of those, that share of the rows has a score
 * with it from `least` on, as different people have where the calibration says that the share reaches `least`.
 */
export function withLookAlikes(templates: Templates, others: readonly Float32Array[], share: number, least: number): Templates {
  const every = Math.round(1 / share)
  if (others.length > every) throw new RangeError(`${others.length} templates cannot each have a share of ${share}`)
  return {
    ...templates,
    row: (row, into) => {
      templates.row(row, into)
      const other = others[row % every]
      if (other !== undefined) into.set(withScore(other, into, least + lookAlikeSpread * ((Math.floor(row / every) % 64) / 64)))
    },
  }
}

/** Probes of which every second one has a mate somewhere in a gallery of that many rows. */
export function probesOf(templates: Templates, rows: number, count: number): Probe[] {
  const { mean, deviation } = shapes[templates.kind].mates
  const stream = normalStream(seed + rows)
  return Array.from({ length: count }, (_, index) => {
    const template = new Float32Array(templates.dimension)
    templates.row(probesFrom + index, template)
    if (index % 2 === 1 || rows === 0) return { template, mate: undefined }
    const mate = stream.below(rows)
    const reference = new Float32Array(templates.dimension)
    templates.row(mate, reference)
    return { template: withScore(reference, template, Math.min(0.999, mean + deviation * stream.normal())), mate }
  })
}

/** The score that so small a share of pairs of different people reaches. */
export function thresholdAtRate(templates: Templates, rate: number): number {
  const few = 1_000
  const rows = Array.from({ length: few }, (_, row) => {
    const into = new Float32Array(templates.dimension)
    templates.row(probesFrom - few + row, into)
    return into
  })
  const scores: number[] = []
  for (let one = 0; one < few && scores.length < pairsOfQuantile; one++) {
    for (let other = 0; other < one; other++) scores.push(comparisonScore(rows[one] as Float32Array, rows[other] as Float32Array))
  }
  scores.sort((a, b) => b - a)
  return scores[Math.floor(scores.length * rate)] as number
}

/** The template that has that score with the reference and otherwise is as the other one. */
function withScore(reference: Float32Array, other: Float32Array, score: number): Float32Array {
  const along = comparisonScore(reference, other)
  const apart = other.map((value, at) => value - along * (reference[at] as number))
  scaleTo(apart, Math.sqrt(1 - score * score))
  const mate = apart.map((value, at) => value + score * (reference[at] as number))
  scaleTo(mate, 1)
  return mate
}

/** Random signs and a Hadamard transform: principal directions that lie along no axis. */
function signsOf(dimension: number): Float32Array {
  const drawn = new Float32Array(dimension)
  drawNormal(directionsSeed, 0, drawn)
  return drawn.map((value) => (value < 0 ? -1 : 1))
}

function turn(vector: Float32Array): void {
  const size = 2 ** Math.floor(Math.log2(vector.length))
  hadamard(vector, 0, size)
  if (size < vector.length) hadamard(vector, vector.length - size, size)
}

function hadamard(vector: Float32Array, from: number, size: number): void {
  for (let half = 1; half < size; half *= 2) {
    for (let group = from; group < from + size; group += half * 2) {
      for (let at = group; at < group + half; at++) {
        const x = vector[at] as number
        const y = vector[at + half] as number
        vector[at] = x + y
        vector[at + half] = x - y
      }
    }
  }
  const scale = 1 / Math.sqrt(size)
  for (let at = from; at < from + size; at++) vector[at] = (vector[at] as number) * scale
}

function scaleTo(vector: Float32Array, length: number): void {
  let squares = 0
  for (let at = 0; at < vector.length; at++) squares += (vector[at] as number) ** 2
  const scale = length / Math.sqrt(squares)
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] as number) * scale
}
