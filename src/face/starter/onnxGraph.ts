/** Builds an ONNX model node by node: float32 tensors, opset 13, deterministic names, so that the same input gives the same bytes. */
import onnxProto from 'onnx-proto'

const { onnx } = onnxProto
type NodeProto = onnxProto.onnx.INodeProto
type TensorProto = onnxProto.onnx.ITensorProto
type AttributeProto = onnxProto.onnx.IAttributeProto
type ValueInfoProto = onnxProto.onnx.IValueInfoProto

const opset = 13
/** The IR version that came with opset 13 (ONNX 1.8). */
const irVersion = 7

/** A dimension: a number, or a name where the caller of the model chooses it. */
export type Dimension = number | string
/** Integers, lists of integers and strings are all that the starter graphs need. */
export type Attribute = number | readonly number[] | string

/** Bytes of typed numbers in the little endian order that ONNX stores. */
function littleEndian(values: Float32Array | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(values.byteLength)
  const view = new DataView(bytes.buffer)
  if (values instanceof Float32Array) values.forEach((value, i) => void view.setFloat32(4 * i, value, true))
  else values.forEach((value, i) => void view.setBigInt64(8 * i, value, true))
  return bytes
}

function attributeOf(name: string, value: Attribute): AttributeProto {
  const { AttributeType } = onnx.AttributeProto
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) }
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value }
  return { name, type: AttributeType.INTS, ints: [...value] }
}

function valueInfoOf(name: string, dimensions: readonly Dimension[]): ValueInfoProto {
  const dim = dimensions.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }))
  return { name, type: { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT, shape: { dim } } } }
}

/** A model under construction. Tensors are named; every method that makes one returns its name. */
export class OnnxGraph {
  readonly #nodes: NodeProto[] = []
  readonly #constants: TensorProto[] = []
  readonly #inputs: ValueInfoProto[] = []
  readonly #outputs: ValueInfoProto[] = []
  readonly #name: string
  #count = 0

  /** @param name of the graph, as viewers show it */
  constructor(name: string) {
    this.#name = name
  }

  #next(prefix: string): string {
    this.#count += 1
    return `${prefix}_${this.#count}`
  }

  /** Declares the float32 input. */
  input(name: string, dimensions: readonly Dimension[]): string {
    this.#inputs.push(valueInfoOf(name, dimensions))
    return name
  }

  /** Gives a tensor its public name and declares it as an output. */
  output(name: string, tensor: string, dimensions: readonly Dimension[]): void {
    this.#nodes.push({ name, opType: 'Identity', input: [tensor], output: [name] })
    this.#outputs.push(valueInfoOf(name, dimensions))
  }

  /** A constant of float32 values in row-major order. */
  floats(values: Float32Array, dimensions: readonly number[]): string {
    const name = this.#next('weight')
    this.#constants.push({ name, dims: [...dimensions], dataType: onnx.TensorProto.DataType.FLOAT, rawData: littleEndian(values) })
    return name
  }

  /** A constant list of 64-bit integers, as shapes and paddings are given. */
  integers(values: readonly number[]): string {
    const name = this.#next('shape')
    const rawData = littleEndian(BigInt64Array.from(values, BigInt))
    this.#constants.push({ name, dims: [values.length], dataType: onnx.TensorProto.DataType.INT64, rawData })
    return name
  }

  /** Adds an operator with one output. */
  node(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const name = this.#next(opType.toLowerCase())
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value))
    this.#nodes.push({ name, opType, input: [...inputs], output: [name], attribute })
    return name
  }

  /** The model file. */
  encode(): Uint8Array {
    return onnx.ModelProto.encode({
      irVersion,
      producerName: 'vultus',
      opsetImport: [{ domain: '', version: opset }],
      graph: { name: this.#name, node: this.#nodes, initializer: this.#constants, input: this.#inputs, output: this.#outputs },
    }).finish()
  }
}
