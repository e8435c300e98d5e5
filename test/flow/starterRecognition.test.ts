/**
 * The recognition net of the starter pack against face-api itself, on a drawn face. A file of its own: the TensorFlow.js that
 * face-api bundles shares global state with any other in its process.
 */
import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import type * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WeightsManifest } from '../../src/face/starter/weights.ts'
import { type BuiltPack, builtPack } from '../support/builtPack.ts'
import { drawnFace, largestDifference, runGraph } from '../support/graphs.ts'
import { planes } from '../support/starterPipeline.ts'

const faceApiFolder = dirname(findPackageJSON('@vladmandic/face-api', import.meta.url)!)
const input = { width: 150, height: 150, mean: [122.782, 117.001, 104.298], scale: [1 / 255, 1 / 255, 1 / 255] }

let pack: BuiltPack

beforeAll(async () => {
  pack = await builtPack()
}, 60_000)

afterAll(() => pack.remove())

interface FaceApi {
  readonly tf: typeof tf
  readonly FaceRecognitionNet: new () => {
    loadFromWeightMap(weights: tf.NamedTensorMap): void
    forward(input: tf.Tensor4D): Promise<tf.Tensor>
  }
}

/** The library with the inference it bundles. It takes Node for a browser where these two names are there, and its Node path is broken. */
async function importFaceApi(): Promise<FaceApi> {
  Object.assign(globalThis, { window: globalThis, document: {} })
  try {
    const library: unknown = await import('@vladmandic/face-api/dist/face-api.esm.js' as string)
    return library as FaceApi
  } finally {
    Reflect.deleteProperty(globalThis, 'window')
    Reflect.deleteProperty(globalThis, 'document')
  }
}

test('the recognition net gives the template that face-api gives: within 5e-6', { timeout: 60_000 }, async () => {
  const face = (await drawnFace(150)).map(Math.round)
  const actual = await runGraph(pack.folder, 'recognition.onnx', planes(face, input), 150)
  const faceApi = await importFaceApi()
  await faceApi.tf.setBackend('cpu')
  const manifestFile = join(faceApiFolder, 'model/face_recognition_model-weights_manifest.json')
  const manifest = WeightsManifest.parse(JSON.parse(await readFile(manifestFile, 'utf8')))
  const bytes = new Uint8Array(await readFile(join(faceApiFolder, 'model/face_recognition_model.bin'))).buffer
  const net = new faceApi.FaceRecognitionNet()
  net.loadFromWeightMap(faceApi.tf.io.decodeWeights(bytes, manifest.flatMap((group) => group.weights) as never))
  const expected = await net.forward(faceApi.tf.tensor4d(face, [1, 150, 150, 3]))
  expect(largestDifference(actual.embedding!, expected.dataSync())).toBeLessThan(5e-6)
  expect(Math.hypot(...actual.embedding!)).toBeGreaterThan(0.5)
})

test('a batch gives what each of its pictures gives alone', { timeout: 60_000 }, async () => {
  const face = await drawnFace(150)
  const [one, other] = [planes(face, input), planes(face, input, true)]
  const both = new Float32Array(one.length * 2)
  both.set(one)
  both.set(other, one.length)
  const run = async (pixels: Float32Array) => (await runGraph(pack.folder, 'recognition.onnx', pixels, 150)).embedding!
  const together = await run(both)
  expect(largestDifference(together.subarray(0, 128), await run(one))).toBeLessThan(5e-6)
  expect(largestDifference(together.subarray(128), await run(other))).toBeLessThan(5e-6)
})
