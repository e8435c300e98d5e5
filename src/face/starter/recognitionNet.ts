/**
 * The recognition network (dlib's ResNet with 29 layers, as face-api carries it) built layer by layer:
 * its package holds weights by name, and no graph.
 */
import { VultusError } from '../../contract/errors.ts'
import { OnnxGraph } from './onnxGraph.ts'
import { kernelOf, type Weight } from './weights.ts'

const sidePx = 150
const dimension = 128

/** What flows between the layers; sizes decide where the skip path is padded. */
interface Activation {
  readonly tensor: string
  readonly sidePx: number
  readonly channels: number
}

/** The stages after the first convolution: the blocks that keep the size, then the one that halves it. */
const stages = [
  { blocks: ['conv32_1', 'conv32_2', 'conv32_3'], down: 'conv64_down' },
  { blocks: ['conv64_1', 'conv64_2', 'conv64_3'], down: 'conv128_down' },
  { blocks: ['conv128_1', 'conv128_2'], down: 'conv256_down' },
  { blocks: ['conv256_1', 'conv256_2'], down: 'conv256_down_out' },
] as const

class Builder {
  readonly graph = new OnnxGraph('recognition')
  readonly #weights: ReadonlyMap<string, Weight>

  constructor(weights: ReadonlyMap<string, Weight>) {
    this.#weights = weights
  }

  weight(name: string): Weight {
    const weight = this.#weights.get(name)
    if (!weight) throw new VultusError('model.invalid', `the weight ${name} is missing`)
    return weight
  }

  /** A convolution with its bias and the learnt scale and offset behind it, folded into one: s(Wx + b) + o = (sW)x + (sb + o). */
  convolve(source: Activation, layer: string, stride: 1 | 2): Activation {
    const kernel = kernelOf(this.weight(`${layer}/conv/filters`))
    const [channels, , window] = kernel.dimensions
    const scale = this.weight(`${layer}/scale/weights`).values
    const offset = this.weight(`${layer}/scale/biases`).values
    const bias = this.weight(`${layer}/conv/bias`).values
    const perChannel = kernel.values.length / channels
    const values = kernel.values.map((value, i) => value * scale[Math.floor(i / perChannel)]!)
    const folded = bias.map((value, channel) => value * scale[channel]! + offset[channel]!)
    const inputs = [source.tensor, this.graph.floats(values, kernel.dimensions), this.graph.floats(folded, [channels])]
    // Strided layers do not pad in dlib: VALID, where the usual ResNet pads.
    const padding = stride === 1 ? 'SAME_UPPER' : 'VALID'
    const tensor = this.graph.node('Conv', inputs, { kernel_shape: [window, window], strides: [stride, stride], auto_pad: padding })
    return { tensor, channels, sidePx: stride === 1 ? source.sidePx : Math.floor((source.sidePx - window) / 2) + 1 }
  }

  relu(source: Activation): Activation {
    return { ...source, tensor: this.graph.node('Relu', [source.tensor]) }
  }

  /** Zeros at the bottom, at the right and behind the last channel, until both sizes are reached. */
  padTo(source: Activation, wanted: { sidePx: number; channels: number }): Activation {
    const sides = wanted.sidePx - source.sidePx
    const channels = wanted.channels - source.channels
    if (sides === 0 && channels === 0) return source
    const tensor = this.graph.node('Pad', [source.tensor, this.graph.integers([0, 0, 0, 0, 0, channels, sides, sides])])
    return { tensor, ...wanted }
  }

  /** Two convolutions and the skip path round them. */
  block(source: Activation, layer: string): Activation {
    const first = this.relu(this.convolve(source, `${layer}/conv1`, 1))
    const second = this.convolve(first, `${layer}/conv2`, 1)
    return this.relu({ ...second, tensor: this.graph.node('Add', [second.tensor, source.tensor]) })
  }

  /** A block that halves the size; its skip path is a 2x2 mean with zero channels added, and the smaller path is padded with zeros. */
  downBlock(source: Activation, layer: string): Activation {
    const first = this.relu(this.convolve(source, `${layer}/conv1`, 2))
    const second = this.convolve(first, `${layer}/conv2`, 1)
    const pooled = this.graph.node('AveragePool', [source.tensor], { kernel_shape: [2, 2], strides: [2, 2] })
    const skip: Activation = { ...source, tensor: pooled, sidePx: Math.floor(source.sidePx / 2) }
    const size = { sidePx: Math.max(second.sidePx, skip.sidePx), channels: second.channels }
    const tensor = this.graph.node('Add', [this.padTo(second, size).tensor, this.padTo(skip, size).tensor])
    return this.relu({ ...size, tensor })
  }
}

/**
 * Builds the network.
 * @returns the ONNX file: input float32 [N, 3, 150, 150], output `embedding` [N, 128]; N is the caller's choice
 * @throws VultusError model.invalid where a weight is missing
 */
export function buildRecognitionNet(weights: ReadonlyMap<string, Weight>): Uint8Array {
  const builder = new Builder(weights)
  const { graph } = builder
  const input = graph.input('input', ['N', 3, sidePx, sidePx])
  const start = builder.relu(builder.convolve({ tensor: input, sidePx, channels: 3 }, 'conv32_down', 2))
  const pooled = graph.node('MaxPool', [start.tensor], { kernel_shape: [3, 3], strides: [2, 2] })
  let current: Activation = { ...start, tensor: pooled, sidePx: Math.floor((start.sidePx - 3) / 2) + 1 }
  for (const stage of stages) {
    for (const layer of stage.blocks) current = builder.block(current, layer)
    current = builder.downBlock(current, stage.down)
  }
  const flat = graph.node('Flatten', [graph.node('GlobalAveragePool', [current.tensor])])
  const matrix = builder.weight('fc')
  graph.output('embedding', graph.node('MatMul', [flat, graph.floats(matrix.values, matrix.shape)]), ['N', dimension])
  return graph.encode()
}
