/** Templates in fewer bytes, bit for bit what they were. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packTemplate, unpackTemplate } from '../../src/vault/packedTemplate.ts'
import { detailsText, payloadBytes, templateIn, writePayload } from '../../src/vault/referencePayload.ts'
import { seedOf } from '../fault/rounds.ts'

const runs = { seed: seedOf(7_290_031), numRuns: 300 }
const wordsOf = (template: Float32Array) => new Uint32Array(template.buffer, template.byteOffset, template.length)
const ofWords = (words: Uint32Array) => new Float32Array(words.buffer)

/** The bits of a float32 with an exponent from..to. */
const wordIn = (from: number, to: number) =>
  fc
    .record({ sign: fc.boolean(), exponent: fc.integer({ min: from, max: to }), fraction: fc.nat({ max: 2 ** 23 - 1 }) })
    .map(({ sign, exponent, fraction }) => ((sign ? 2 ** 31 : 0) + (exponent + 127) * 2 ** 23 + fraction) >>> 0)
const zeroIn = fc.constantFrom(0, 0x80_00_00_00)
const packable = fc
  .array(fc.oneof({ weight: 9, arbitrary: wordIn(-30, 0) }, { weight: 1, arbitrary: zeroIn }), { minLength: 1, maxLength: 70 })
  .map((words) => Uint32Array.from(words))
const room = (numbers: number) => new Uint8Array(numbers * 4 + 9).fill(0xa5)

it('gives every bit back, in less than 29 bits a number and a byte, and writes nothing beyond its end', () => {
  fc.assert(
    fc.property(packable, fc.nat({ max: 5 }), (words, at) => {
      const bytes = room(words.length)
      const end = packTemplate(bytes, at, ofWords(words)) as number
      expect(end - at).toBe(Math.ceil((words.length * 29) / 8))
      expect([...bytes.subarray(0, at), ...bytes.subarray(end)].every((byte) => byte === 0xa5)).toBe(true)
      expect(wordsOf(unpackTemplate(bytes.subarray(at, end)))).toEqual(words)
    }),
    runs,
  )
})

it('packs every length up to the longest template, and no longer one', () => {
  for (const numbers of [...Array.from({ length: 70 }, (_, no) => no + 1), 512, 4_095, 4_096]) {
    const template = Float32Array.from({ length: numbers }, (_, no) => (no % 2 === 0 ? 1 : -1) / (no + 1.5))
    const bytes = room(numbers)
    expect(unpackTemplate(bytes.subarray(0, packTemplate(bytes, 0, template)))).toEqual(template)
  }
  expect(packTemplate(room(4_097), 0, new Float32Array(4_097).fill(0.5))).toBeUndefined()
})

it.each([2, -2, 2 ** -31, -(2 ** -40), 1e-45, -1e-40, 3e38, Number.NaN, Number.POSITIVE_INFINITY])(
  'leaves a template with %s as it is, and writes nothing',
  (number) => {
    for (const at of [0, 7, 8, 15]) {
      const bytes = room(16)
      expect(packTemplate(bytes, 0, new Float32Array(16).fill(0.25).fill(number, at, at + 1))).toBeUndefined()
      expect(bytes.every((byte) => byte === 0xa5)).toBe(true)
    }
  },
)

it('a payload gives any template back, packed or not', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.float32Array({ minLength: 1, maxLength: 40 }), packable.map(ofWords)),
      fc.string({ maxLength: 30 }),
      (template, source) => {
        const details = detailsText({ quality: null, metadata: { source } })
        const bytes = Buffer.alloc(Buffer.byteLength(details) + payloadBytes(template))
        const end = writePayload(bytes, 0, details, template)
        expect(wordsOf(templateIn(bytes.subarray(0, end)))).toEqual(wordsOf(template))
      },
    ),
    runs,
  )
})
