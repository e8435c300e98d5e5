/** The primary model of the design fits: a graph of ResNet100's shape goes through import, enrolment and search. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { jsonBytes, manifestFor } from '../support/madeUpPack.ts'
import { resnet100, resnet100Dimension } from '../support/resnet100.ts'
import { openTestStation } from '../support/station.ts'

const folder = mkdtempSync(join(tmpdir(), 'vultus-resnet100-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a network of 65 million weights and 512 numbers is imported, enrols and finds', async () => {
  const { bytes, parameters } = resnet100()
  const manifest = manifestFor(bytes, 'resnet100')
  manifest.roles.embedding.dimension = resnet100Dimension
  manifest.roles.embedding.input = {
    width: 112,
    height: 112,
    channels: 'RGB',
    mean: [127.5, 127.5, 127.5],
    scale: [0.0078125, 0.0078125, 0.0078125],
  }
  writeFileSync(join(folder, 'manifest.json'), jsonBytes(manifest))
  writeFileSync(join(folder, 'embedding.onnx'), bytes)
  expect(parameters).toBeGreaterThan(60_000_000)
  const station = await openTestStation({ kind: 'demo' })
  try {
    const startedMs = performance.now()
    const report = await station.call('model.import', { pack: folder, trust: true })
    process.stdout.write(
      `resnet100: import ${Math.round(performance.now() - startedMs)} ms, ${Math.round(report.memoryBytesPeak / 1e6)} MB, picture ${Math.round(report.selfTest.pictureMs)} ms\n`,
    )
    expect(report.pack.dimension).toBe(resnet100Dimension)
    await station.call('model.activate', { id: 'resnet100' })
    const captureOf = async (subject: number, variation: number) => {
      const { picture } = await station.call('demo.portrait', { subject, variation })
      return (await station.call('capture.fromPicture', { picture, source: 'simulated' })).captureId
    }
    for (const subject of [0, 1, 2]) {
      await station.call('subject.enrol', { id: `S-${subject}` as never, captureIds: [await captureOf(subject, 0)], allowDuplicate: true })
    }
    const { candidates, gallerySize } = await station.call('gallery.identify', { captureId: await captureOf(1, 0), fmr: 0.1 })
    expect(gallerySize).toBe(3)
    // The very same picture: random weights know no faces in another one.
    expect(candidates[0]).toMatchObject({ id: 'S-1' })
    expect(candidates[0]!.comparisonScore).toBeGreaterThan(0.9999)
  } finally {
    await station.close()
  }
}, 600_000)
