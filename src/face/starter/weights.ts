/** Weights as TensorFlow.js stores them (a list of specs and one run of bytes), and their order for ONNX. */
import { z } from 'zod'
import { VultusError } from '../../contract/errors.ts'

const WeightSpec = z.object({
  name: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  dtype: z.enum(['float32', 'int32']),
  quantization: z
    .union([z.object({ dtype: z.literal('float16') }), z.object({ dtype: z.literal('uint8'), scale: z.number(), min: z.number() })])
    .optional(),
})
type WeightSpec = z.infer<typeof WeightSpec>

/** The weightsManifest of a graph model, and the whole manifest file of a face-api network. */
export const WeightsManifest = z.array(z.object({ paths: z.array(z.string()), weights: z.array(WeightSpec) }))
export type WeightsManifest = z.infer<typeof WeightsManifest>

/** A decoded weight; values are row-major in the shape. */
export interface Weight {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

const bytesPerValue = { float32: 4, int32: 4, float16: 2, uint8: 1 } as const

/** IEEE 754 half precision, given as its 16 bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** How one stored value is read, by its stored type. Affine uint8 is value * scale + min. */
function readerOf(spec: WeightSpec, view: DataView): (offset: number) => number {
  const { quantization } = spec
  if (quantization?.dtype === 'float16') return (offset) => halfToNumber(view.getUint16(offset, true))
  if (quantization?.dtype === 'uint8') return (offset) => view.getUint8(offset) * quantization.scale + quantization.min
  return spec.dtype === 'int32' ? (offset) => view.getInt32(offset, true) : (offset) => view.getFloat32(offset, true)
}

/**
 * Decodes all weights of a manifest.
 * @param bytes the files of the manifest, joined in its order
 * @throws VultusError model.invalid where specs and bytes do not fit each other
 */
export function decodeWeights(manifest: WeightsManifest, bytes: Uint8Array): ReadonlyMap<string, Weight> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const weights = new Map<string, Weight>()
  let offset = 0
  for (const spec of manifest.flatMap((group) => group.weights)) {
    const size = bytesPerValue[spec.quantization?.dtype ?? spec.dtype]
    const count = spec.shape.reduce((product, side) => product * side, 1)
    if (offset + count * size > bytes.length) throw new VultusError('model.invalid', `the weights end within ${spec.name}`)
    const read = readerOf(spec, view)
    const start = offset
    weights.set(spec.name, { shape: spec.shape, values: Float32Array.from({ length: count }, (_, i) => read(start + i * size)) })
    offset += count * size
  }
  if (offset !== bytes.length) throw new VultusError('model.invalid', `${bytes.length - offset} bytes of weights have no name`)
  return weights
}

/** A convolution kernel in the order of ONNX: output channels, input channels per group, height, width. */
export interface Kernel {
  readonly dimensions: readonly [outputs: number, inputsPerGroup: number, height: number, width: number]
  readonly values: Float32Array
}

function shapeOfFour(weight: Weight): [number, number, number, number] {
  const [a, b, c, d] = weight.shape
  if (weight.shape.length !== 4 || !a || !b || !c || !d) throw new VultusError('model.invalid', 'a kernel has not four dimensions')
  return [a, b, c, d]
}

/** Height, width, inputs, outputs (TensorFlow) to outputs, inputs, height, width. */
export function kernelOf(weight: Weight): Kernel {
  const [height, width, inputs, outputs] = shapeOfFour(weight)
  const values = new Float32Array(weight.values.length)
  for (let output = 0, to = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      for (let place = 0; place < height * width; place++, to++) values[to] = weight.values[(place * inputs + input) * outputs + output]!
  return { dimensions: [outputs, inputs, height, width], values }
}

/** Height, width, channels, multiplier (TensorFlow, depthwise) to channels * multiplier, 1, height, width. */
export function depthwiseKernelOf(weight: Weight): Kernel {
  const [height, width, channels, multiplier] = shapeOfFour(weight)
  const outputs = channels * multiplier
  const values = new Float32Array(weight.values.length)
  for (let output = 0, to = 0; output < outputs; output++)
    for (let place = 0; place < height * width; place++, to++) values[to] = weight.values[place * outputs + output]!
  return { dimensions: [outputs, 1, height, width], values }
}
