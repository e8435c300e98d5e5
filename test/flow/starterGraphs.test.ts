/** Each graph of the starter pack against the inference of the library that its weights came from, on a drawn face. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import { loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { portraitSvg } from '../../src/core/portrait.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { GraphModel } from '../../src/face/starter/graphModel.ts'
import { WeightsManifest } from '../../src/face/starter/weights.ts'
import { type BuiltPack, builtPack } from '../support/builtPack.ts'
import { drawn, planes, warped } from '../support/starterPipeline.ts'

const require = createRequire(import.meta.url)
const humanModels = join(dirname(require.resolve('@vladmandic/human')), '../models')
const faceApiFolder = join(dirname(require.resolve('@vladmandic/face-api/package.json')))

let pack: BuiltPack

beforeAll(async () => {
  await tf.setBackend('cpu')
  pack = await builtPack()
}, 60_000)

afterAll(() => pack.remove())

/** The face of a drawn subject as RGB floats, large in a square. */
async function drawnFace(sidePx: number): Promise<Float32Array> {
  const picture = await drawn(portraitSvg(drawnSubjects[0]!))
  const scale = 300 / sidePx
  return warped(picture, [scale, 0, 170, 0, scale, 90], sidePx, sidePx)
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length)
  return Array.from(actual).reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i]!)), 0)
}

async function runOnnx(file: string, pixels: Float32Array, sidePx: number): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(join(pack.folder, file), { intraOpNumThreads: 1 })
  const outputs = await session.run({ input: new Tensor('float32', pixels, [1, 3, sidePx, sidePx]) })
  await session.release()
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, data instanceof Float32Array ? data : Float32Array.of()]),
  )
}

async function runGraphModel(name: string, pixels: Float32Array, sidePx: number, outputs: readonly string[]): Promise<Float32Array[]> {
  const file = JSON.parse(await readFile(join(humanModels, `${name}.json`), 'utf8'))
  const { weightsManifest } = GraphModel.parse(file)
  const weightData = new Uint8Array(await readFile(join(humanModels, `${name}.bin`))).buffer
  const model = await loadGraphModel({
    load: async () => ({
      modelTopology: file.modelTopology,
      weightSpecs: weightsManifest.flatMap((g) => g.weights) as never,
      weightData,
      signature: file.signature,
    }),
  })
  const results = model.execute(tf.tensor4d(pixels, [1, sidePx, sidePx, 3]), [...outputs])
  const values = (Array.isArray(results) ? results : [results]).map((result) => Float32Array.from(result.dataSync()))
  model.dispose()
  return values
}

test('the detector finds what TensorFlow.js finds: within 1e-3 of outputs that reach 1000', { timeout: 60_000 }, async () => {
  const input = { width: 256, height: 256, mean: [127.5, 127.5, 127.5], scale: [1 / 127.5, 1 / 127.5, 1 / 127.5] }
  const face = await drawnFace(256)
  const actual = await runOnnx('blazeface.onnx', planes(face, input), 256)
  const names = { scores_512: 'Identity', scores_384: 'Identity_1', boxes_512: 'Identity_2', boxes_384: 'Identity_3' }
  const expected = await runGraphModel(
    'blazeface',
    face.map((value) => (value - 127.5) * (1 / 127.5)),
    256,
    Object.values(names),
  )
  Object.keys(names).forEach((name, i) => {
    expect(largestDifference(actual[name]!, expected[i]!), name).toBeLessThan(1e-3)
  })
  expect(Math.max(...actual.scores_512!, ...actual.scores_384!), 'a face is found').toBeGreaterThan(0)
})

test('the landmarks lie where TensorFlow.js puts them: within 1e-3 pixels', { timeout: 60_000 }, async () => {
  const input = { width: 192, height: 192, mean: [0, 0, 0], scale: [1 / 255, 1 / 255, 1 / 255] }
  const face = await drawnFace(192)
  const actual = await runOnnx('facemesh.onnx', planes(face, input), 192)
  const [mesh, flag] = await runGraphModel(
    'facemesh',
    face.map((value) => value * (1 / 255)),
    192,
    ['Identity_2', 'Identity_1'],
  )
  expect(largestDifference(actual.mesh!, mesh!)).toBeLessThan(1e-3)
  expect(largestDifference(actual.flag!, flag!)).toBeLessThan(1e-5)
  expect(actual.flag![0]).toBeGreaterThan(0.99)
})

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

test('the recognition net gives the template that face-api gives: within 1e-6', { timeout: 60_000 }, async () => {
  const mean = [122.782, 117.001, 104.298]
  const face = (await drawnFace(150)).map(Math.round)
  const actual = await runOnnx('recognition.onnx', planes(face, { width: 150, height: 150, mean, scale: [1 / 255, 1 / 255, 1 / 255] }), 150)
  const faceApi = await importFaceApi()
  await faceApi.tf.setBackend('cpu')
  const manifestFile = join(faceApiFolder, 'model/face_recognition_model-weights_manifest.json')
  const manifest = WeightsManifest.parse(JSON.parse(await readFile(manifestFile, 'utf8')))
  const bytes = new Uint8Array(await readFile(join(faceApiFolder, 'model/face_recognition_model.bin'))).buffer
  const net = new faceApi.FaceRecognitionNet()
  net.loadFromWeightMap(faceApi.tf.io.decodeWeights(bytes, manifest.flatMap((group) => group.weights) as never))
  const expected = await net.forward(faceApi.tf.tensor4d(face, [1, 150, 150, 3]))
  expect(largestDifference(actual.embedding!, expected.dataSync())).toBeLessThan(1e-6)
  expect(Math.hypot(...actual.embedding!)).toBeGreaterThan(0.5)
})

test('a batch of the recognition net is each of its pictures alone', { timeout: 60_000 }, async () => {
  const session = await InferenceSession.create(join(pack.folder, 'recognition.onnx'), { intraOpNumThreads: 1 })
  const input = { width: 150, height: 150, mean: [122.782, 117.001, 104.298], scale: [1 / 255, 1 / 255, 1 / 255] }
  const face = await drawnFace(150)
  const [one, other] = [planes(face, input), planes(face, input, true)]
  const run = async (pixels: Float32Array, n: number) =>
    Float32Array.from((await session.run({ input: new Tensor('float32', pixels, [n, 3, 150, 150]) })).embedding!.data as Float32Array)
  const both = await run(Float32Array.of(...one, ...other), 2)
  expect(largestDifference(both.subarray(0, 128), await run(one, 1))).toBeLessThan(1e-6)
  expect(largestDifference(both.subarray(128), await run(other, 1))).toBeLessThan(1e-6)
  await session.release()
})
