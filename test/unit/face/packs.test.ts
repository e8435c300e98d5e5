import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listPacks, openPack } from '../../../src/face/packs.ts'
import { Network } from '../../../src/face/sessions.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vultus-packs-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const weights = new TextEncoder().encode('no network')
const role = (file: string) => ({
  file,
  sha256: createHash('sha256').update(weights).digest('hex'),
  bytes: weights.length,
  source: 'made by this test',
  upstream: 'none',
  licence: 'CC0-1.0',
})
const input = (side: number) => ({ width: side, height: side, channels: 'RGB', mean: [0, 0, 0], scale: [1, 1, 1] })
function manifest(id: string) {
  return {
    format: 1,
    id,
    name: 'Test pack',
    version: '1.2.3',
    roles: {
      detector: { ...role('d.onnx'), family: 'blazeface', input: input(256), scoreThreshold: 0.5, overlapMax: 0.3 },
      landmarks: { ...role('l.onnx'), family: 'facemesh', input: input(192), regionScale: 1.5, presenceMin: 0.5 },
      embedding: {
        ...role('e.onnx'),
        family: 'dlib-150',
        input: input(150),
        dimension: 2,
        metric: 'cosine',
        alignment: [
          [1, 1],
          [2, 1],
          [1.5, 2],
          [1, 3],
          [2, 3],
        ],
        mirrorAverage: true,
        meanTemplate: [0, 1],
        meanTemplateSource: 'none',
        calibration: {
          impostorPairs: 100,
          points: [
            { fmr: 0.1, threshold: 0.8 },
            { fmr: 0.01, threshold: 0.9 },
          ],
          provenance: 'none',
        },
      },
    },
  }
}
async function writePack(id: string, content: unknown = manifest(id), files = ['d.onnx', 'l.onnx', 'e.onnx']) {
  await mkdir(join(folder, id))
  await writeFile(join(folder, id, 'manifest.json'), typeof content === 'string' ? content : JSON.stringify(content))
  for (const file of files) await writeFile(join(folder, id, file), weights)
}
const code = (value: string) => expect.objectContaining({ code: value })

describe('opening a pack', () => {
  test('gives the model that the manifest describes', async () => {
    await writePack('good')
    const { model } = await openPack(folder, 'good')
    expect(model).toMatchObject({
      id: 'good@1.2.3',
      dimension: 2,
      metric: 'cosine',
      inputShape: [3, 150, 150],
      meanTemplate: Float32Array.of(0, 1),
    })
  })

  test.each<[string, () => Promise<void>, string, string]>([
    ['no folder of that name', async () => {}, 'absent', 'model.unknown'],
    ['a name that leaves the folder', async () => {}, '../packs', 'model.unknown'],
    ['a manifest that is not JSON', () => writePack('bad', '{'), 'bad', 'model.invalid'],
    ['a manifest with a wrong number', () => writePack('bad', { ...manifest('bad'), format: 2 }), 'bad', 'model.invalid'],
    ['a manifest of another pack', () => writePack('bad', manifest('good')), 'bad', 'model.invalid'],
    ['a file that is not there', () => writePack('bad', manifest('bad'), ['d.onnx', 'e.onnx']), 'bad', 'model.missing'],
  ])('refuses %s', async (_, make, id, expected) => {
    await make()
    await expect(openPack(folder, id)).rejects.toEqual(code(expected))
  })

  test('refuses a metric other than cosine and says what to do', async () => {
    const { roles, ...rest } = manifest('bad')
    await writePack('bad', { ...rest, roles: { ...roles, embedding: { ...roles.embedding, metric: 'euclidean' } } })
    await expect(openPack(folder, 'bad')).rejects.toMatchObject({
      code: 'model.invalid',
      detail: expect.stringContaining('metric: must be cosine'),
    })
  })

  test('refuses a file of the right size with another content', async () => {
    await writePack('bad')
    await writeFile(
      join(folder, 'bad', 'l.onnx'),
      weights.map((byte) => byte ^ 1),
    )
    await expect(openPack(folder, 'bad')).rejects.toEqual(code('model.invalid'))
  })
})

test('listing names packs, complete or not, and leaves out what is none', async () => {
  await writePack('good')
  await writePack('halved', manifest('halved'), ['d.onnx'])
  await writePack('broken', '{')
  await writeFile(join(folder, 'readme'), '')
  const packs = await listPacks({ packsFolder: folder })
  expect(packs.map(({ id, complete }) => [id, complete])).toEqual([
    ['good', true],
    ['halved', false],
  ])
  expect(packs[0]).toMatchObject({ version: '1.2.3', licences: ['CC0-1.0'], calibration: { impostorPairs: 100, fmrMin: 0.01 } })
  expect(await listPacks({ packsFolder: join(folder, 'absent') })).toEqual([])
})

test('a file that is no network fails to load when it is first needed, and says so again', async () => {
  await writePack('good')
  const { detector } = await openPack(folder, 'good')
  for (const _ of [1, 2]) await expect(detector.run(new Float32Array(3), [1, 3])).rejects.toEqual(code('model.loadFailed'))
  const gone = new Network({ path: join(folder, 'absent.onnx'), sha256: '', bytes: 1 })
  await expect(gone.load()).rejects.toEqual(code('model.missing'))
})
