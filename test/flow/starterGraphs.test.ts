/** Detector and landmarks of the starter pack against TensorFlow.js itself, on a drawn face. */
import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import { loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GraphModel } from '../../src/face/starter/graphModel.ts'
import { type BuiltPack, builtPack } from '../support/builtPack.ts'
import { drawnFace, largestDifference, runGraph } from '../support/graphs.ts'
import { planes } from '../support/starterPipeline.ts'

const humanModels = join(dirname(findPackageJSON('@vladmandic/human', import.meta.url)!), 'models')

let pack: BuiltPack

beforeAll(async () => {
  await tf.setBackend('cpu')
  pack = await builtPack()
}, 60_000)

afterAll(() => pack.remove())

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

test('the detector finds what TensorFlow.js finds: within 1e-5 of the range of each output', { timeout: 60_000 }, async () => {
  const input = { width: 256, height: 256, mean: [127.5, 127.5, 127.5], scale: [1 / 127.5, 1 / 127.5, 1 / 127.5] }
  const face = await drawnFace(256)
  const actual = await runGraph(pack.folder, 'blazeface.onnx', planes(face, input), 256)
  const names = { scores_512: 'Identity', scores_384: 'Identity_1', boxes_512: 'Identity_2', boxes_384: 'Identity_3' }
  const expected = await runGraphModel(
    'blazeface',
    face.map((value) => (value - 127.5) * (1 / 127.5)),
    256,
    Object.values(names),
  )
  Object.keys(names).forEach((name, i) => {
    const range = expected[i]!.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    expect(largestDifference(actual[name]!, expected[i]!) / range, name).toBeLessThan(1e-5)
  })
  expect(Math.max(...actual.scores_512!, ...actual.scores_384!), 'a face is found').toBeGreaterThan(0)
})

test('the landmarks lie where TensorFlow.js puts them: within 1e-3 pixels', { timeout: 60_000 }, async () => {
  const input = { width: 192, height: 192, mean: [0, 0, 0], scale: [1 / 255, 1 / 255, 1 / 255] }
  const face = await drawnFace(192)
  const actual = await runGraph(pack.folder, 'facemesh.onnx', planes(face, input), 192)
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
