/**
 * Processor time of the steps of a picture in one thread, which other programs of the machine change little, as a table in Markdown:
 *
 *   node --expose-gc --experimental-transform-types test/bench/faceParts/processorTime.ts [--packs starter,standard,resnet100] [--repeat N]
 */
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { drawPortrait } from '../../../src/face/drawing.ts'
import { embedCrops } from '../../../src/face/embedding.ts'
import { evaluateIn } from '../../../src/face/evaluating.ts'
import { templateIn } from '../../../src/face/looking.ts'
import { openPack } from '../../../src/face/packs.ts'
import { decodePicture } from '../../../src/face/picture/decode.ts'
import { detectOnce } from '../../../src/face/pipeline.ts'
import { PixelPyramid } from '../../../src/face/pixels.ts'
import { StageClock } from '../../../src/face/stages.ts'
import { BenchPacks, packsFolder } from './benchPacks.ts'

const { values } = parseArgs({
  options: { packs: { type: 'string', default: 'starter,standard' }, repeat: { type: 'string', default: '12' } },
})
const repeat = Number(values.repeat)

/** Milliseconds of processor time of one run, the median. */
async function cpuMs(run: () => Promise<unknown>): Promise<string> {
  await run()
  const took: number[] = []
  for (let count = 0; count < repeat; count++) {
    const before = process.cpuUsage()
    await run()
    const { user, system } = process.cpuUsage(before)
    took.push((user + system) / 1000)
  }
  return took.sort((a, b) => a - b)[repeat >> 1]!.toFixed(1)
}

const frame = await drawPortrait(0, 0)
const square = new Uint8Array(await sharp(frame).resize(512, 512, { fit: 'cover' }).jpeg({ quality: 92 }).toBuffer())
const large = new Uint8Array(await sharp(frame).resize(8000, 6000).jpeg({ quality: 80 }).toBuffer())
const clock = () => new StageClock(() => performance.now())
const benchPacks = new BenchPacks()
try {
  process.stdout.write(
    '| pack | detection 512x512 | embedding pair | 4 faces with their mirror images | whole picture 640x480 | with the ladder of light |\n|---|---|---|---|---|---|\n',
  )
  for (const id of benchPacks.make(values.packs.split(','))) {
    const pack = await openPack(packsFolder, id, benchPacks.importedFolder)
    const { pixels } = await decodePicture(square)
    const picture = new PixelPyramid(pixels)
    const { input } = pack.manifest.roles.embedding
    const crop = new Float32Array(3 * input.width * input.height).fill(100)
    const cells = [
      await cpuMs(() => detectOnce(pack, picture)),
      await cpuMs(() => embedCrops(pack, [crop])),
      await cpuMs(() => embedCrops(pack, [crop, crop, crop, crop])),
      await cpuMs(() => templateIn(pack, frame, clock())),
      await cpuMs(() => evaluateIn(pack, frame, true, clock())),
    ]
    process.stdout.write(`| ${id} | ${cells.join(' | ')} |\n`)
  }
  process.stdout.write(`\ndecoding 8000x6000 JPEG to 1280: ${await cpuMs(() => decodePicture(large))}\n`)
} finally {
  benchPacks.remove()
}
