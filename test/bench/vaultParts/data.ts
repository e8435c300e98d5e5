/** What the benches store: templates and names that are quick to draw and the same in each run. */
import type { AuditEntry, NewReference } from '../../../src/contract/records.ts'

export const model = 'bench@1.0.0'
/** 512 numbers are 2 KiB. */
export const dimension = 512
export const entry: AuditEntry = { event: 'subject.enrol', actor: { role: 'administrator', door: 'command' }, outcome: 'done' }

/** Numbers from 0 to 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const random = randomOf(1)
const pool = Float32Array.from({ length: 65_536 + dimension }, () => random() + random() + random() - 1.5)

/** A template of unit length; each row has another. */
export function templateOf(row: number): Float32Array {
  const from = Math.imul(row, 7_919) & 65_535
  const template = pool.slice(from, from + dimension)
  template[0] = (row % 1_000) / 1_000
  template[1] = Math.floor(row / 1_000) / 1_000
  let sum = 0
  for (let at = 0; at < dimension; at++) sum += (template[at] as number) ** 2
  const scale = 1 / Math.sqrt(sum)
  for (let at = 0; at < dimension; at++) template[at] = (template[at] as number) * scale
  return template
}

export function referenceOf(row: number, numbers = dimension): NewReference {
  return {
    model,
    template: numbers === dimension ? templateOf(row) : new Float32Array(numbers).fill(1),
    captureSource: 'file',
    pad: 'notAssessed',
    quality: null,
    sample: null,
  }
}

const starts = 'B Br C Ch D Dr F Fr G Gr H J K Kl L M N P Pr R S Sch St T Th V W Y Z'.split(' ')
const middles = 'a e i o u ai au ei ie oo ä é ø ü'.split(' ')
const ends = 'b ck d f g l ll m n nd ng nn r rt s ss t tz v x'.split(' ')

function wordOf(next: () => number): string {
  const pick = (parts: readonly string[]) => parts[Math.floor(next() * next() * parts.length)] as string
  const syllables = 1 + Math.floor(next() * 3)
  let word = ''
  for (let at = 0; at < syllables; at++) word += (at === 0 ? pick(starts) : pick(starts).toLowerCase()) + pick(middles) + pick(ends)
  return word
}

/** A drawn name of two or three words, some far more frequent than others, as names are. */
export function nameOf(row: number): string {
  const next = randomOf(row * 2_654_435_761)
  for (let at = 0; at < 4; at++) next()
  const words = next() < 0.2 ? 3 : 2
  return Array.from({ length: words }, () => wordOf(next)).join(' ')
}
