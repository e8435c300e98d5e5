/** Templates of aligned faces: several of them in one run of the network. */
import { VultusError } from '../contract/errors.ts'
import { templateOf } from './families/dlib150.ts'
import type { Pack } from './packs.ts'
import { writeTensor } from './pixels.ts'

/** Pictures in one run, mirror images among them: more give no more speed and take memory for the largest network's layers. */
export const batchPicturesMax = 8

/**
 * The templates of some faces, in their order.
 * @param crops interleaved RGB, each in the size of the network's input
 * @throws VultusError inference.failed, resource.exhausted, model.*
 */
export async function embedCrops(pack: Pack, crops: readonly Float32Array[]): Promise<Float32Array[]> {
  const { mirrorAverage } = pack.manifest.roles.embedding
  const each = mirrorAverage ? 2 : 1
  const fixed = await pack.embedding.batch()
  // A graph of a fixed size gets just so many; what is short is filled up with black and thrown away.
  const perRun = fixed ?? batchPicturesMax
  const templates: Float32Array[] = []
  if (perRun < each) {
    for (const crop of crops) templates.push(await oneByOne(pack, crop))
    return templates
  }
  const cropsPerRun = Math.floor(perRun / each)
  for (let at = 0; at < crops.length; at += cropsPerRun)
    templates.push(...(await oneRun(pack, crops.slice(at, at + cropsPerRun), fixed ?? 0)))
  return templates
}

/** @param picturesMin of the graph */
async function oneRun(pack: Pack, crops: readonly Float32Array[], picturesMin: number): Promise<Float32Array[]> {
  const { input, dimension, mirrorAverage } = pack.manifest.roles.embedding
  const size = 3 * input.width * input.height
  const each = mirrorAverage ? 2 : 1
  const pictures = Math.max(picturesMin, crops.length * each)
  const values = new Float32Array(size * pictures)
  crops.forEach((crop, at) => {
    writeTensor(crop, input, values, at * each * size, false)
    if (mirrorAverage) writeTensor(crop, input, values, (at * each + 1) * size, true)
  })
  const output = await outputOf(pack, values, pictures)
  const templates = crops.map((_, at) => templateOf(output.subarray(at * each * dimension, (at + 1) * each * dimension), dimension, each))
  output.fill(0)
  return templates
}

/** The picture and its mirror image one after the other, for a graph that takes one at a time. */
async function oneByOne(pack: Pack, crop: Float32Array): Promise<Float32Array> {
  const { input, dimension } = pack.manifest.roles.embedding
  const both = new Float32Array(2 * dimension)
  for (const mirrored of [false, true]) {
    const values = new Float32Array(3 * input.width * input.height)
    writeTensor(crop, input, values, 0, mirrored)
    const output = await outputOf(pack, values, 1)
    both.set(output, mirrored ? dimension : 0)
    output.fill(0)
  }
  const template = templateOf(both, dimension, 2)
  both.fill(0)
  return template
}

async function outputOf(pack: Pack, values: Float32Array<ArrayBuffer>, pictures: number): Promise<Float32Array> {
  const { input, dimension } = pack.manifest.roles.embedding
  const outputs = await pack.embedding.run(values, [pictures, 3, input.height, input.width])
  if (outputs.length !== 1) throw new VultusError('inference.failed', 'the embedding has more than one output')
  if (outputs[0]!.length !== pictures * dimension) throw new VultusError('inference.failed', 'the embedding has another size')
  return outputs[0]!
}
