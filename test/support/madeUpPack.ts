/** Packs that tests make: a small embedding on the detector and the landmarks of the starter pack, and what can be wrong with one. */
import { createHash } from 'node:crypto'
import { OnnxGraph } from '../../src/face/starter/onnxGraph.ts'
import { onnxProto } from './onnx.ts'
import { zipOf } from './zipFile.ts'

export type OnnxModelProto = InstanceType<typeof onnxProto.ModelProto>

const dimension = 32
const sidePx = 112
const alignment = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
]

/** Numbers of a fixed sequence, about normal. */
export function randomNumbers(count: number, seed: number): Float32Array {
  let state = seed >>> 0 || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  return Float32Array.from({ length: count }, () => next() + next() + next() - 1.5)
}

/** A network that averages cells of the picture and mixes them by random weights: enough to tell drawings apart. */
export function smallEmbedding(seed = 1): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph('small')
  const input = graph.input('input', ['batch', 3, sidePx, sidePx])
  const cells = graph.node('AveragePool', [input], { kernel_shape: [8, 8], strides: [8, 8] })
  const flat = graph.node('Flatten', [cells], { axis: 1 })
  const weights = graph.floats(randomNumbers(588 * dimension, seed), [588, dimension])
  graph.output('template', graph.node('MatMul', [flat, weights]), ['batch', dimension])
  return new Uint8Array(graph.encode())
}

/** The file after something was changed in it. */
export function changed(model: Uint8Array, change: (proto: OnnxModelProto) => void): Uint8Array<ArrayBuffer> {
  const proto = onnxProto.ModelProto.decode(model)
  change(proto)
  return new Uint8Array(onnxProto.ModelProto.encode(proto).finish())
}

/** A network in half precision: its input, its weights and its outputs. */
export function inHalf(model: Uint8Array): Uint8Array<ArrayBuffer> {
  const { FLOAT, FLOAT16 } = onnxProto.TensorProto.DataType
  return changed(model, ({ graph }) => {
    for (const port of [...graph!.input!, ...graph!.output!]) port.type!.tensorType!.elemType = FLOAT16
    for (const weights of graph!.initializer!.filter(({ dataType }) => dataType === FLOAT)) {
      const { buffer, byteOffset, byteLength } = new Uint8Array(weights.rawData!)
      weights.dataType = FLOAT16
      weights.rawData = new Uint8Array(new Float16Array(new Float32Array(buffer, byteOffset, byteLength / 4)).buffer)
    }
  })
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

// biome-ignore lint/suspicious/noExplicitAny: tests put wrong things into it
export type AnyManifest = any

/** A manifest for the model. */
export function manifestFor(model: Uint8Array, id = 'made-up'): AnyManifest {
  return {
    format: 1,
    id,
    name: 'Made up by a test',
    version: '1.0.0',
    roles: {
      embedding: {
        file: 'embedding.onnx',
        sha256: sha256Of(model),
        bytes: model.length,
        source: 'made by a test',
        upstream: 'none',
        licence: 'CC0-1.0',
        family: 'arcface-112',
        input: { width: sidePx, height: sidePx, channels: 'RGB', mean: [127.5, 127.5, 127.5], scale: [1 / 127.5, 1 / 127.5, 1 / 127.5] },
        dimension,
        metric: 'cosine',
        alignment,
        mirrorAverage: true,
        meanTemplate: [],
        meanTemplateSource: 'none',
        calibration: {
          impostorPairs: 10_000,
          points: [
            { fmr: 0.1, threshold: 0.2 },
            { fmr: 0.0001, threshold: 0.5 },
          ],
          provenance: 'made up by a test',
        },
      },
    },
  }
}

export const jsonBytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

/** The files of a sound pack. */
export function packFiles(id = 'made-up', seed = 1): { name: string; data: Uint8Array }[] {
  const model = smallEmbedding(seed)
  return [
    { name: 'manifest.json', data: jsonBytes(manifestFor(model, id)) },
    { name: 'embedding.onnx', data: model },
  ]
}

/** A zip file of a pack with this model. */
export function zipWith(model: Uint8Array, manifest: AnyManifest = manifestFor(model)): Buffer {
  return zipOf([
    { name: 'manifest.json', data: jsonBytes(manifest) },
    { name: 'embedding.onnx', data: model },
  ])
}
