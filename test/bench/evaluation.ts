/**
 * How long the pairs of an evaluation take and what they hold: templates drawn by chance, every pair scored and counted.
 * node --expose-gc --experimental-transform-types test/bench/evaluation.ts [PICTURES] [DIMENSION]
 */
import { scoreFigures } from '../../src/core/evaluation/report.ts'
import type { LookedAt } from '../../src/operations/pictureSet.ts'
import { scorePairs } from '../../src/operations/scorePairs.ts'

const [pictures = 10_000, dimension = 128] = process.argv.slice(2).map(Number)
const perPerson = 5

/** Deterministic, so that runs compare. */
let state = 2026
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32
}

function unit(values: Float32Array): Float32Array {
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

const centres = Array.from({ length: Math.ceil(pictures / perPerson) }, () =>
  Float32Array.from({ length: dimension }, () => random() - 0.5),
)
const looked: LookedAt[] = Array.from({ length: pictures }, (_, at) => {
  const person = Math.floor(at / perPerson)
  const template = unit(centres[person]!.map((value) => value + 0.6 * (random() - 0.5)))
  return { picture: { file: String(at), person: String(person) }, template, belowQualityLimit: false, lightScores: [] }
})
const memory = () => {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1e6
}
const before = memory()
const startMs = performance.now()
const scores = await scorePairs(looked, undefined, { turn: async () => undefined, tell: () => undefined })
const scoredMs = performance.now() - startMs
const calibration = {
  impostorPairs: 1,
  points: [
    { fmr: 0.5, threshold: 0 },
    { fmr: 0.1, threshold: 0.5 },
  ],
  provenance: 'none',
}
const figures = scoreFigures(scores, calibration, 1e-3)
const allMs = performance.now() - startMs
const pairs = figures.matePairs + figures.impostorPairs
console.log(
  JSON.stringify({
    pictures,
    dimension,
    pairs,
    scoredS: Number((scoredMs / 1000).toFixed(1)),
    nanosecondsPerPair: Math.round((scoredMs * 1e6) / pairs),
    figuresS: Number(((allMs - scoredMs) / 1000).toFixed(1)),
    moreMemoryMB: Math.round(memory() - before),
    exact: figures.exact,
    fnmr: figures.fnmr,
  }),
)
