/**
 * A network of the shape of ArcFace's LResNet100E-IR (512 numbers from 112 x 112 pixels, 65 million weights), with random weights: it
 * knows no faces, but takes the room and the time of the real one.
 */
import { OnnxGraph } from '../../src/face/starter/onnxGraph.ts'
import { randomNumbers } from './madeUpPack.ts'

/** Units and channels of each stage (Deng and others, "ArcFace", 2019). */
const stages = [
  [3, 64],
  [13, 128],
  [30, 256],
  [3, 512],
] as const
export const resnet100Dimension = 512

class Builder {
  readonly graph = new OnnxGraph('resnet100')
  parameters = 0
  #seed = 1

  #weights(dims: readonly number[], scale: number): string {
    const values = randomNumbers(
      dims.reduce((product, size) => product * size, 1),
      this.#seed++,
    )
    for (let at = 0; at < values.length; at++) values[at]! *= scale
    this.parameters += values.length
    return this.graph.floats(values, dims)
  }

  convolution(from: string, channelsIn: number, channels: number, side: 1 | 3, stride: number): string {
    // Keeps the spread of the values from layer to layer (He and others, 2015); the numbers have a deviation of a half.
    const weights = this.#weights([channels, channelsIn, side, side], 2 * Math.sqrt(2 / (channelsIn * side * side)))
    const pad = side === 3 ? 1 : 0
    return this.graph.node('Conv', [from, weights], { kernel_shape: [side, side], strides: [stride, stride], pads: [pad, pad, pad, pad] })
  }

  normalisation(from: string, channels: number): string {
    const constant = (value: number) => this.graph.floats(new Float32Array(channels).fill(value), [channels])
    return this.graph.node('BatchNormalization', [from, constant(1), constant(0), constant(0), constant(2)])
  }

  rectifier(from: string, channels: number): string {
    return this.graph.node('PRelu', [from, this.graph.floats(new Float32Array(channels).fill(0.25), [channels, 1, 1])])
  }

  unit(from: string, channelsIn: number, channels: number, stride: number): string {
    const first = this.normalisation(this.convolution(this.normalisation(from, channelsIn), channelsIn, channels, 3, 1), channels)
    const second = this.normalisation(this.convolution(this.rectifier(first, channels), channels, channels, 3, stride), channels)
    const skip = stride === 1 ? from : this.normalisation(this.convolution(from, channelsIn, channels, 1, stride), channels)
    return this.graph.node('Add', [second, skip])
  }

  dense(from: string, size: number, dimension: number): string {
    return this.graph.node('MatMul', [from, this.#weights([size, dimension], 2 * Math.sqrt(1 / size))])
  }
}

/** The model file, 261 MB. */
export function resnet100(): { bytes: Uint8Array<ArrayBuffer>; parameters: number } {
  const builder = new Builder()
  const { graph } = builder
  let at = builder.convolution(graph.input('data', ['batch', 3, 112, 112]), 3, 64, 3, 1)
  at = builder.rectifier(builder.normalisation(at, 64), 64)
  let channelsIn = 64
  for (const [units, channels] of stages) {
    for (let unit = 0; unit < units; unit++) {
      at = builder.unit(at, channelsIn, channels, unit === 0 ? 2 : 1)
      channelsIn = channels
    }
  }
  const flat = graph.node('Flatten', [builder.normalisation(at, 512)], { axis: 1 })
  graph.output('fc1', builder.dense(flat, 512 * 7 * 7, resnet100Dimension), ['batch', resnet100Dimension])
  return { bytes: new Uint8Array(graph.encode()), parameters: builder.parameters }
}
