/**
 * The inference of the libraries that the starter pack came from, in a process of its own for each, since both bring TensorFlow.js:
 * node libraries.ts graphs | recognition. Prints the median and the processor time of one run of each network, as JSON.
 */
import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import type * as tfTypes from '@tensorflow/tfjs-core'
import { portraitSvg } from '../../../src/core/portrait.ts'
import { drawnSubjects } from '../../../src/core/portraitSubjects.ts'
import { GraphModel } from '../../../src/face/starter/graphModel.ts'
import { WeightsManifest } from '../../../src/face/starter/weights.ts'
import { drawn, warped } from '../../support/starterPipeline.ts'
import { latenciesOf } from './faceChild.ts'

const runs = 5

export interface LibraryRun {
  readonly network: string
  readonly medianMs: number
  readonly cpuMs: number
}

async function drawnFace(sidePx: number): Promise<Float32Array> {
  const scale = 300 / sidePx
  return warped(await drawn(portraitSvg(drawnSubjects[0]!)), [scale, 0, 170, 0, scale, 90], sidePx, sidePx)
}

async function timed(network: string, run: () => unknown): Promise<LibraryRun> {
  await run()
  const took: number[] = []
  const before = process.cpuUsage()
  for (let count = 0; count < runs; count++) {
    const startedMs = performance.now()
    await run()
    took.push(performance.now() - startedMs)
  }
  const { user, system } = process.cpuUsage(before)
  return { network, medianMs: latenciesOf(took).medianMs, cpuMs: (user + system) / 1000 / runs }
}

async function graphs(): Promise<LibraryRun[]> {
  await import('@tensorflow/tfjs-backend-cpu')
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter')
  const tf = await import('@tensorflow/tfjs-core')
  await tf.setBackend('cpu')
  const folder = join(dirname(findPackageJSON('@vladmandic/human', import.meta.url)!), 'models')
  const found: LibraryRun[] = []
  for (const [name, sidePx, scale, shift] of [
    ['blazeface', 256, 1 / 127.5, -1],
    ['facemesh', 192, 1 / 255, 0],
  ] as const) {
    const file = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'))
    const { weightsManifest } = GraphModel.parse(file)
    const weightData = new Uint8Array(await readFile(join(folder, `${name}.bin`))).buffer
    const model = await loadGraphModel({
      load: async () => ({
        modelTopology: file.modelTopology,
        weightSpecs: weightsManifest.flatMap((group) => group.weights) as never,
        weightData,
        signature: file.signature,
      }),
    })
    const pixels = (await drawnFace(sidePx)).map((value) => value * scale + shift)
    const run = () =>
      tf.tidy(() => {
        const results = model.execute(tf.tensor4d(pixels, [1, sidePx, sidePx, 3]))
        for (const result of Array.isArray(results) ? results : [results]) result.dataSync()
      })
    found.push(await timed(name, run))
  }
  return found
}

interface FaceApi {
  readonly tf: typeof tfTypes
  readonly FaceRecognitionNet: new () => {
    loadFromWeightMap(weights: tfTypes.NamedTensorMap): void
    forward(input: tfTypes.Tensor4D): Promise<tfTypes.Tensor>
  }
}

async function recognition(): Promise<LibraryRun[]> {
  // It takes Node for a browser where these two names are there, and its Node path is broken.
  Object.assign(globalThis, { window: globalThis, document: {} })
  const { tf, FaceRecognitionNet } = (await import('@vladmandic/face-api/dist/face-api.esm.js' as string)) as FaceApi
  await tf.setBackend('cpu')
  const folder = join(dirname(findPackageJSON('@vladmandic/face-api', import.meta.url)!), 'model')
  const manifest = WeightsManifest.parse(JSON.parse(await readFile(join(folder, 'face_recognition_model-weights_manifest.json'), 'utf8')))
  const bytes = new Uint8Array(await readFile(join(folder, 'face_recognition_model.bin'))).buffer
  const net = new FaceRecognitionNet()
  net.loadFromWeightMap(tf.io.decodeWeights(bytes, manifest.flatMap((group) => group.weights) as never))
  const face = await drawnFace(150)
  const run = async () => {
    const output = await net.forward(tf.tensor4d(face, [1, 150, 150, 3]))
    output.dataSync()
    output.dispose()
  }
  // A picture and its mirror image, as the pipeline asks for; the library takes one at a time.
  return [
    await timed('recognition, pair', async () => {
      await run()
      await run()
    }),
  ]
}

const found = process.argv[2] === 'graphs' ? await graphs() : await recognition()
process.stdout.write(`${JSON.stringify(found)}\n`)
process.exit(0)
