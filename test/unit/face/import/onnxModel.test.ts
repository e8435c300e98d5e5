/** Whatever the bytes are: the reader answers or refuses by a code, and never runs past them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isErrorCode, VultusError } from '../../../../src/contract/errors.ts'
import { readOnnx } from '../../../../src/face/import/onnxModel.ts'
import { fieldsOf, integerCountIn, integersIn } from '../../../../src/face/import/protobuf.ts'
import { smallEmbedding } from '../../../support/madeUpPack.ts'

const model = smallEmbedding()

function read(bytes: Uint8Array): string {
  try {
    readOnnx(bytes)
    return 'read'
  } catch (error) {
    if (!(error instanceof VultusError)) throw error
    return error.code
  }
}

describe('an ONNX file', () => {
  test('is read', () => {
    expect(readOnnx(model)).toMatchObject({
      opset: 13,
      nodes: 4,
      parameters: 588 * 32,
      inputs: [{ name: 'input', type: 1, dims: [undefined, 3, 112, 112] }],
      outputs: [{ name: 'template', type: 1, dims: [undefined, 32] }],
    })
  })

  test('that was cut anywhere is refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: model.length - 1 }), (length) => {
        expect(isErrorCode(read(model.subarray(0, length)))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('with other bytes is read or refused by a code', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (changes, atEnd) => {
          const bytes = model.slice()
          for (const [at, value] of changes) bytes[atEnd ? bytes.length - 1 - at : at] = value
          const result = read(bytes)
          expect(result === 'read' || isErrorCode(result)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('of any bytes at all is read or refused by a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = read(bytes)
        expect(result === 'read' || isErrorCode(result)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

test('packed numbers are counted without being read', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), { maxLength: 20 }), (numbers) => {
      const packed = numbers.flatMap((number) => {
        const bytes: number[] = []
        for (let rest = number; ; rest >>= 7n) {
          bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
          if (rest <= 0x7fn) return bytes
        }
      })
      const lengthBytes = packed.length < 128 ? [packed.length] : [(packed.length & 0x7f) | 0x80, packed.length >> 7]
      const [field] = fieldsOf(Uint8Array.from([0x0a, ...lengthBytes, ...packed]))
      expect(integerCountIn(field!)).toBe(numbers.length)
      expect(integersIn(field!)).toEqual(numbers.map(Number))
    }),
  )
})
