/** Weights of an ONNX file: their sizes have to agree, every number has to be finite, and nothing lies outside the file. */
import { VultusError } from '../../contract/errors.ts'
import { bytesIn, type Field, fieldsOf, integerCountIn, integerIn, integersIn, textIn } from './protobuf.ts'

/** Bytes of an element by ONNX data type: float, uint8, int8, uint16, int16, int32, int64, bool, float16, double, uint32, uint64. */
const elementBytes: Readonly<Record<number, number>> = { 1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8 }
const [floatType, float16Type, doubleType] = [1, 10, 11]
const dimensionsMax = 8
const elementsMax = 2 ** 28

const unsupported = (why: string) => new VultusError('model.unsupported', why)
const notFinite = (name: string) => new VultusError('model.weightsInvalid', `${name} holds numbers that are not finite`)

export interface TensorSummary {
  readonly name: string
  readonly elements: number
}

interface Parts {
  name: string
  type: number
  dims: number[]
  raw: Uint8Array | undefined
  floats: Uint8Array[]
  doubles: Uint8Array[]
  integers: Field[]
}

function partsOf(message: Uint8Array): Parts {
  const parts: Parts = { name: '', type: 0, dims: [], raw: undefined, floats: [], doubles: [], integers: [] }
  for (const field of fieldsOf(message)) {
    if (field.number === 1) parts.dims.push(...integersIn(field))
    else if (field.number === 2) parts.type = integerIn(field)
    else if (field.number === 3) throw unsupported('a tensor is cut into segments')
    else if (field.number === 4) parts.floats.push(field.kind === 'fixed32' ? field.bytes : bytesIn(field))
    else if (field.number === 5 || field.number === 7 || field.number === 11) parts.integers.push(field)
    else if (field.number === 6) throw unsupported('a tensor of text')
    else if (field.number === 8) parts.name = textIn(field)
    else if (field.number === 9) parts.raw = bytesIn(field)
    else if (field.number === 10) parts.doubles.push(field.kind === 'fixed64' ? field.bytes : bytesIn(field))
    // Where a tensor says that its data are elsewhere, whatever file it names is outside of what was checked.
    else if (field.number === 13 || (field.number === 14 && integerIn(field) !== 0))
      throw new VultusError('pack.unsafe', 'a tensor keeps its data in another file')
  }
  return parts
}

/** Checks a tensor. @throws VultusError model.invalid, model.unsupported, model.weightsInvalid, pack.unsafe */
export function checkTensor(message: Uint8Array): TensorSummary {
  const { name, type, dims, raw, floats, doubles, integers } = partsOf(message)
  const each = elementBytes[type]
  if (each === undefined) throw unsupported(`a tensor of data type ${type}`)
  if (dims.length > dimensionsMax || dims.some((size) => size < 0)) throw unsupported('a tensor has impossible dimensions')
  const elements = dims.reduce((product, size) => product * size, 1)
  if (elements > elementsMax) throw new VultusError('model.unsupported', `a tensor of ${elements} numbers`)
  const misfit = () => new VultusError('model.weightsInvalid', `${name || 'a tensor'} does not fill its dimensions`)
  if (raw !== undefined) {
    if (raw.length !== elements * each) throw misfit()
    if (!allFinite(raw, type)) throw notFinite(name || 'a tensor')
    return { name, elements }
  }
  const lengthOf = (parts: readonly Uint8Array[]) => parts.reduce((sum, part) => sum + part.length, 0)
  const count =
    type === floatType
      ? lengthOf(floats) / 4
      : type === doubleType
        ? lengthOf(doubles) / 8
        : integers.reduce((sum, field) => sum + integerCountIn(field), 0)
  if (count !== elements) throw misfit()
  const finite =
    floats.every((part) => allFinite(part, floatType)) &&
    doubles.every((part) => allFinite(part, doubleType)) &&
    (type !== float16Type || integers.every((field) => integersIn(field).every((bits) => (bits & 0x7c00) !== 0x7c00)))
  if (!finite) throw notFinite(name || 'a tensor')
  return { name, elements }
}

/** Whether all numbers of a data type are finite: of those that are not, all bits of the exponent are set. */
export function allFinite(bytes: Uint8Array, type: number): boolean {
  const each = type === floatType ? 4 : type === float16Type ? 2 : type === doubleType ? 8 : undefined
  if (each === undefined) return true
  if (bytes.length % each !== 0) return false
  // A copy begins where its memory begins; not slice, which of a Buffer is no copy.
  const { buffer, byteOffset } = bytes.byteOffset % each === 0 ? bytes : new Uint8Array(bytes)
  const count = bytes.length / each
  if (each === 4) return !new Uint32Array(buffer, byteOffset, count).some((bits) => (bits & 0x7f800000) === 0x7f800000)
  if (each === 2) return !new Uint16Array(buffer, byteOffset, count).some((bits) => (bits & 0x7c00) === 0x7c00)
  return new Float64Array(buffer, byteOffset, count).every(Number.isFinite)
}
