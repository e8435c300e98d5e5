/** A TensorFlow.js graph model becomes an ONNX model: one table of operators, channels last to channels first. */
import { z } from 'zod'
import { VultusError } from '../../contract/errors.ts'
import { OnnxGraph } from './onnxGraph.ts'
import { decodeWeights, depthwiseKernelOf, kernelOf, type Weight, WeightsManifest } from './weights.ts'

/** Integers are written as strings, texts as base64. */
const AttributeValue = z.looseObject({
  s: z.string().optional(),
  list: z.object({ i: z.array(z.string()).optional(), s: z.array(z.string()).optional() }).optional(),
  shape: z.object({ dim: z.array(z.object({ size: z.string() })) }).optional(),
})

const GraphNode = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), AttributeValue).default({}),
})
type GraphNode = z.infer<typeof GraphNode>

/** The JSON file of a graph model, as far as it is used. */
export const GraphModel = z.object({
  format: z.literal('graph-model'),
  modelTopology: z.object({ node: z.array(GraphNode) }),
  weightsManifest: WeightsManifest,
})
export type GraphModel = z.infer<typeof GraphModel>

/** What a node of the source became. The shape is the source's own (batch, height, width, channels), whatever the order in ONNX. */
interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  /** Whether ONNX holds it as batch, channels, height, width. */
  readonly channelsFirst: boolean
}
type Value = Tensor | Weight

interface Context {
  readonly graph: OnnxGraph
  readonly weights: ReadonlyMap<string, Weight>
  /** Name that the model's input gets. */
  readonly input: string
  value(reference: string | undefined): Value
}

const invalid = (detail: string) => new VultusError('model.invalid', detail)
const textOf = (base64: string) => Buffer.from(base64, 'base64').toString('utf8')

/** The node that a reference names: control marks and output numbers are taken off. */
const nodeNameOf = (reference: string) => reference.replace(/^\^/, '').replace(/:\d+$/, '')

function integersOf(node: GraphNode, key: string): readonly number[] {
  return (node.attr[key]?.list?.i ?? []).map(Number)
}

function textsOf(node: GraphNode, key: string): readonly string[] {
  return (node.attr[key]?.list?.s ?? []).map(textOf)
}

function tensorOf(context: Context, reference: string | undefined): Tensor {
  const value = context.value(reference)
  if (!('name' in value)) throw invalid(`${reference} is a constant where a tensor is expected`)
  return value
}

function weightOf(context: Context, reference: string | undefined): Weight {
  const value = context.value(reference)
  if ('name' in value) throw invalid(`${reference} is a tensor where a constant is expected`)
  return value
}

/** Stride, window and padding of a convolution or a pooling, in the words of ONNX, and the side lengths that come out. */
function windowOf(node: GraphNode, source: Tensor, height: number, width: number) {
  const [, strideY = 1, strideX = 1] = integersOf(node, 'strides')
  if (integersOf(node, 'dilations').some((step) => step !== 1)) throw invalid(`${node.name} is dilated`)
  const same = textOf(node.attr.padding?.s ?? '') === 'SAME'
  const side = (length: number, window: number, stride: number) =>
    same ? Math.ceil(length / stride) : Math.floor((length - window) / stride) + 1
  return {
    attributes: { strides: [strideY, strideX], kernel_shape: [height, width], auto_pad: same ? 'SAME_UPPER' : 'VALID' },
    sides: [side(source.shape[1]!, height, strideY), side(source.shape[2]!, width, strideX)] as const,
  }
}

function parametricRelu({ graph }: Context, tensor: string, slope: Weight): string {
  return graph.node('PRelu', [tensor, graph.floats(slope.values, [slope.values.length, 1, 1])])
}

function convolve(context: Context, node: GraphNode, depthwise: boolean): Tensor {
  const { graph } = context
  const source = tensorOf(context, node.input[0])
  const weight = weightOf(context, node.input[1])
  const kernel = depthwise ? depthwiseKernelOf(weight) : kernelOf(weight)
  const [channels, , height, width] = kernel.dimensions
  const { attributes, sides } = windowOf(node, source, height, width)
  const [bias, activation, ...others] = textsOf(node, 'fused_ops')
  const inputs = [source.name, graph.floats(kernel.values, kernel.dimensions)]
  if (bias === 'BiasAdd') inputs.push(graph.floats(weightOf(context, node.input[2]).values, [channels]))
  else if (bias !== undefined) throw invalid(`${node.name} fuses ${bias}`)
  let name = graph.node('Conv', inputs, { ...attributes, group: depthwise ? source.shape[3]! : 1 })
  if (activation === 'Relu') name = graph.node('Relu', [name])
  else if (activation === 'Prelu') name = parametricRelu(context, name, weightOf(context, node.input[3]))
  else if (activation !== undefined || others.length > 0) throw invalid(`${node.name} fuses ${activation} ${others}`)
  return { name, shape: [1, ...sides, channels], channelsFirst: true }
}

function add(context: Context, node: GraphNode): Tensor {
  const left = tensorOf(context, node.input[0])
  const right = context.value(node.input[1])
  const { graph } = context
  // A constant of a channels-last tensor has one value per channel.
  const other = 'name' in right ? right.name : graph.floats(right.values, [right.values.length, 1, 1])
  return { ...left, name: graph.node('Add', [left.name, other]) }
}

function pool(context: Context, node: GraphNode): Tensor {
  const source = tensorOf(context, node.input[0])
  const [, height = 1, width = 1] = integersOf(node, 'ksize')
  const { attributes, sides } = windowOf(node, source, height, width)
  return { name: context.graph.node('MaxPool', [source.name], attributes), shape: [1, ...sides, source.shape[3]!], channelsFirst: true }
}

function pad(context: Context, node: GraphNode): Tensor {
  const source = tensorOf(context, node.input[0])
  // Pairs (before, after) for batch, height, width, channels; ONNX wants all befores, then all afters, channels second.
  const pairs = [...weightOf(context, node.input[1]).values]
  const order = [0, 3, 1, 2]
  const pads = [...order.map((axis) => pairs[2 * axis]!), ...order.map((axis) => pairs[2 * axis + 1]!)]
  const shape = source.shape.map((side, axis) => side + pairs[2 * axis]! + pairs[2 * axis + 1]!)
  return { name: context.graph.node('Pad', [source.name, context.graph.integers(pads)]), shape, channelsFirst: true }
}

/** The tensor in the order of the source, which reshapes and callers count on. */
function inSourceOrder(context: Context, tensor: Tensor): string {
  return tensor.channelsFirst ? context.graph.node('Transpose', [tensor.name], { perm: [0, 2, 3, 1] }) : tensor.name
}

function reshape(context: Context, node: GraphNode): Tensor {
  const source = tensorOf(context, node.input[0])
  const wanted = [...weightOf(context, node.input[1]).values]
  const count = source.shape.reduce((product, side) => product * side, 1)
  const known = wanted.filter((side) => side > 0).reduce((product, side) => product * side, 1)
  const shape = wanted.map((side) => (side < 0 ? count / known : side))
  return {
    name: context.graph.node('Reshape', [inSourceOrder(context, source), context.graph.integers(shape)]),
    shape,
    channelsFirst: false,
  }
}

function unary(opType: string): (context: Context, node: GraphNode) => Tensor {
  return (context, node) => {
    const source = tensorOf(context, node.input[0])
    return { ...source, name: context.graph.node(opType, [source.name]) }
  }
}

function placeholder(context: Context, node: GraphNode): Tensor {
  const sizes = (node.attr.shape?.shape?.dim ?? []).map((dimension) => Number(dimension.size))
  const [, height, width, channels] = sizes
  if (!height || !width || !channels) throw invalid('the input has no fixed size')
  const name = context.graph.input(context.input, [1, channels, height, width])
  return { name, shape: [1, height, width, channels], channelsFirst: true }
}

function constant(context: Context, node: GraphNode): Weight {
  const weight = context.weights.get(node.name)
  if (!weight) throw invalid(`the constant ${node.name} has no weights`)
  return weight
}

/** Every operator of the two graph models; another one is refused rather than guessed. */
const operators: Readonly<Record<string, (context: Context, node: GraphNode) => Value>> = {
  Placeholder: placeholder,
  Const: constant,
  Identity: (context, node) => context.value(node.input[0]),
  _FusedConv2D: (context, node) => convolve(context, node, false),
  DepthwiseConv2dNative: (context, node) => convolve(context, node, true),
  AddV2: add,
  Relu: unary('Relu'),
  Sigmoid: unary('Sigmoid'),
  Prelu: (context, node) => {
    const source = tensorOf(context, node.input[0])
    return { ...source, name: parametricRelu(context, source.name, weightOf(context, node.input[1])) }
  },
  MaxPool: pool,
  Pad: pad,
  Reshape: reshape,
}

/**
 * Converts a graph model with a batch of one.
 * @param bytes its weight files, joined
 * @param options.outputs names in the source, and the names that they get
 * @returns the ONNX file; its input is float32 [1, channels, height, width], its outputs keep the source's order
 * @throws VultusError model.invalid where the model has something that is not understood
 */
export function convertGraphModel(
  model: GraphModel,
  bytes: Uint8Array,
  options: { name: string; input: string; outputs: Readonly<Record<string, string>> },
): Uint8Array {
  const nodes = new Map(model.modelTopology.node.map((node) => [node.name, node]))
  const done = new Map<string, Value>()
  const context: Context = {
    graph: new OnnxGraph(options.name),
    weights: decodeWeights(model.weightsManifest, bytes),
    input: options.input,
    value(reference = '') {
      const name = nodeNameOf(reference)
      const known = done.get(name)
      if (known) return known
      const node = nodes.get(name)
      const operator = node && operators[node.op]
      if (!operator) throw invalid(node ? `the operator ${node.op} is not known` : `the node ${name} is missing`)
      const value = operator(context, node)
      done.set(name, value)
      return value
    },
  }
  for (const [source, name] of Object.entries(options.outputs)) {
    const tensor = tensorOf(context, source)
    context.graph.output(name, inSourceOrder(context, tensor), tensor.shape)
  }
  return context.graph.encode()
}
