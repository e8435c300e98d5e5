/** From the weights inside two npm packages to the three ONNX files of the starter pack. */
import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { VultusError } from '../../contract/errors.ts'
import { convertGraphModel, GraphModel } from './graphModel.ts'
import { buildRecognitionNet } from './recognitionNet.ts'
import { decodeWeights, WeightsManifest } from './weights.ts'

/** The folder of an installed package; its package.json need not be exported for that. */
function packageFolder(name: string): string {
  const found = findPackageJSON(name, import.meta.url)
  if (found === undefined) throw new VultusError('model.missing', `the package ${name} is not installed`)
  return dirname(found)
}

async function readWeights(folder: string, manifest: WeightsManifest): Promise<Uint8Array> {
  return Buffer.concat(await Promise.all(manifest.flatMap((group) => group.paths).map((path) => readFile(join(folder, path)))))
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}

async function convertHumanModel(name: string, outputs: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const folder = join(packageFolder('@vladmandic/human'), 'models')
  const model = GraphModel.parse(await readJson(join(folder, `${name}.json`)))
  return convertGraphModel(model, await readWeights(folder, model.weightsManifest), { name, input: 'input', outputs })
}

async function convertRecognition(): Promise<Uint8Array> {
  const folder = join(packageFolder('@vladmandic/face-api'), 'model')
  const manifest = WeightsManifest.parse(await readJson(join(folder, 'face_recognition_model-weights_manifest.json')))
  return buildRecognitionNet(decodeWeights(manifest, await readWeights(folder, manifest)))
}

/** The files of the pack and how each is made. Outputs are named by the number of anchors, or by what they hold. */
export const conversions = {
  'blazeface.onnx': () =>
    convertHumanModel('blazeface', {
      Identity: 'scores_512',
      Identity_1: 'scores_384',
      Identity_2: 'boxes_512',
      Identity_3: 'boxes_384',
    }),
  'facemesh.onnx': () => convertHumanModel('facemesh', { Identity_2: 'mesh', Identity_1: 'flag' }),
  'recognition.onnx': convertRecognition,
} as const satisfies Record<string, () => Promise<Uint8Array>>

export type StarterFile = keyof typeof conversions
