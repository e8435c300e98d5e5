/** Packs brought in, changed to while frames run, made references for, and taken out, on a station with its real processes. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Job } from '../../src/contract/jobs.ts'
import { decodeLive, encodeFrame } from '../../src/contract/live.ts'
import { filesOf, PackManifest } from '../../src/contract/manifest.ts'
import { OnnxGraph } from '../../src/face/starter/onnxGraph.ts'
import { codeOf } from '../support/codeOf.ts'
import { starterPackThere } from '../support/facePack.ts'
import { packFiles, zipWith } from '../support/madeUpPack.ts'
import { photographsIn } from '../support/people.ts'
import { openTestStation, projectFolder, type TestStation } from '../support/station.ts'
import { zipOf } from '../support/zipFile.ts'

let folder = ''
let station: TestStation
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vultus-packs-'))
  station = await openTestStation({ kind: 'demo' })
})
afterEach(async () => {
  await station.close()
  rmSync(folder, { recursive: true, force: true })
})

function written(bytes: Uint8Array, name = 'pack.zip'): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const importMadeUp = (id = 'made-up', seed = 1) =>
  station.call('model.import', { pack: written(zipOf(packFiles(id, seed)), `${id}.zip`), trust: true })
const portrait = async (subject: number, variation: number) => (await station.call('demo.portrait', { subject, variation })).picture
const captureOf = async (subject: number, variation: number) =>
  (await station.call('capture.fromPicture', { picture: await portrait(subject, variation), source: 'simulated' })).captureId
const enrol = async (subject: number) =>
  station.call('subject.enrol', { id: `S-${subject}` as never, captureIds: [await captureOf(subject, 0)], allowDuplicate: true })
const bestOf = async (subject: number) =>
  (await station.call('gallery.identify', { captureId: await captureOf(subject, 1) })).candidates[0]?.id

async function ended({ id }: Job): Promise<Job> {
  for (;;) {
    const job = (await station.call('job.list', {})).jobs.find((candidate) => candidate.id === id)!
    if (job.state !== 'running') return job
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const packsThere = () => {
  const path = join(station.folder, 'packs')
  return existsSync(path) ? readdirSync(path) : []
}

describe.skipIf(!starterPackThere)('a pack', () => {
  test('is imported, made references for, activated, used, and left again', { timeout: 180_000 }, async () => {
    for (const subject of [0, 1]) await enrol(subject)
    const report = await importMadeUp()
    const { model } = report.pack
    expect((await station.call('model.list', {})).packs.map(({ id, builtIn, complete }) => [id, builtIn, complete])).toEqual([
      ['starter', true, true],
      ['made-up', false, true],
    ])
    expect(await codeOf(importMadeUp())).toBe('pack.exists')
    expect(await codeOf(station.call('model.activate', { id: 'made-up' }))).toBe('model.referencesMissing')
    const { job } = await station.call('model.reembed', { id: 'made-up' })
    expect(await ended(job)).toMatchObject({ kind: 'reembed', state: 'done', done: 2, total: 2 })
    expect((await station.call('gallery.status', {})).references).toBe(2)
    expect(await station.call('model.activate', { id: 'made-up' })).toMatchObject({ model, missing: 0 })
    expect(await station.call('gallery.status', {})).toMatchObject({ model, references: 2, ready: true })
    expect(await bestOf(1)).toBe('S-1')
    await enrol(2)
    expect(await bestOf(2)).toBe('S-2')
    // The way back: who came since has no reference of the starter pack yet.
    expect(await codeOf(station.call('model.activate', { id: 'starter' }))).toBe('model.referencesMissing')
    await ended((await station.call('model.reembed', { id: 'starter' })).job)
    await station.call('model.activate', { id: 'starter' })
    expect(await bestOf(2)).toBe('S-2')
    expect(await codeOf(station.call('model.remove', { id: 'starter' }))).toBe('model.active')
    // The way forward again, after which the old references go for good, with the samples kept.
    await station.call('model.activate', { id: 'made-up' })
    expect(await station.call('model.remove', { id: 'starter', references: true })).toMatchObject({ removedReferences: 3 })
    expect(await codeOf(station.call('model.remove', { id: 'starter' }))).toBe('pack.builtIn')
    expect(await bestOf(0)).toBe('S-0')
    expect((await station.call('subject.picture', { id: 'S-0' as never })).sample).not.toBeNull()
    await ended((await station.call('model.reembed', { id: 'starter' })).job)
    await station.call('model.activate', { id: 'starter' })
    await station.call('model.remove', { id: 'made-up', references: true })
    expect(packsThere()).toEqual([])
    expect(await bestOf(0)).toBe('S-0')
    expect((await station.call('vault.maintain', { thorough: true })).ok).toBe(true)
    expect((await station.call('audit.verify', {})).ok).toBe(true)
    const events = (await station.call('audit.list', {})).records.map(({ event }) => event)
    for (const event of ['model.import', 'model.activate', 'model.reembed', 'model.remove']) expect(events).toContain(event)
  })

  test('stays active over a restart of the face process and of the station', { timeout: 120_000 }, async () => {
    const { model } = (await importMadeUp()).pack
    await station.call('model.activate', { id: 'made-up' })
    const template = async () => (await station.call('face.template', { image: await portrait(0, 0) })).embedding?.embedding.length
    expect(await template()).toBe(32)
    const face = station.children.findLast(({ entry }) => entry === 'face')!.child
    const gone = new Promise((resolve) => face.onExit(resolve))
    face.kill()
    await gone
    expect(await template()).toBe(32)
    await station.station.close()
    const again = await openTestStation({ folder: station.folder })
    try {
      expect((await again.call('gallery.status', {})).model).toBe(model)
      expect((await again.call('model.list', {})).active).toBe(model)
      // Its files are gone: nobody makes templates of another model instead, and another pack can be activated.
      await again.station.close()
      rmSync(join(station.folder, 'packs', 'made-up', 'embedding.onnx'))
      const third = await openTestStation({ folder: station.folder })
      try {
        expect(await codeOf(third.call('gallery.status', {}))).toBe('model.missing')
        expect(await codeOf(third.call('model.activate', { id: 'made-up' }))).toBe('model.missing')
        await third.call('model.activate', { id: 'starter' })
        expect((await third.call('gallery.status', {})).model).toMatch(/^starter@/)
      } finally {
        await third.close()
      }
    } finally {
      await again.close()
    }
  })

  test('changes while frames run, and none of them is lost', { timeout: 120_000 }, async () => {
    await importMadeUp()
    const { sessionId } = await station.call('capture.open', { source: 'simulated' })
    const jpeg = await portrait(0, 0)
    const answered: number[] = []
    let heard: () => void = () => undefined
    station.station.onLive((packet) => {
      const live = decodeLive(packet)
      if (live?.sessionId !== sessionId) return
      expect(live.faces.length).toBe(1)
      answered.push(live.frameNo)
      heard()
    })
    let swaps: Promise<unknown> | undefined
    let over = false
    let frames = 0
    /** Frames that were answered while each change was under way. */
    const during: number[] = []
    for (; !over; frames++) {
      const answer = new Promise<void>((resolve) => {
        heard = resolve
      })
      station.station.pushFrame(encodeFrame({ sessionId, frameNo: frames, capturedAtMs: frames, jpeg }))
      await answer
      if (frames === 5) {
        swaps = (async () => {
          for (const id of ['made-up', 'starter', 'made-up']) {
            const before = frames
            await station.call('model.activate', { id })
            during.push(frames - before)
          }
          over = true
        })()
      }
    }
    await swaps
    for (const count of during) expect(count).toBeGreaterThanOrEqual(3)
    expect(answered).toEqual(Array.from({ length: frames }, (_, frame) => frame))
    expect((await station.call('model.list', {})).active).toMatch(/^made-up@/)
  })

  test('that is bad is refused, and the running one goes on', { timeout: 180_000 }, async () => {
    await enrol(0)
    // A network that wants more memory than a check may have: 3.3 GB for a picture and its mirror image.
    const graph = new OnnxGraph('huge')
    const input = graph.input('input', ['batch', 3, 112, 112])
    const repeated = graph.node('Tile', [input, graph.integers([1, 1100, 5, 2])])
    const flat = graph.node('ReduceMean', [repeated], { axes: [1, 2], keepdims: 0 })
    graph.output('template', graph.node('Flatten', [flat], { axis: 1 }), ['batch', 32])
    const huge = new Uint8Array(graph.encode())
    const refusals = [
      // Its memory is bounded by the operating system, where that can be asked for it.
      process.platform === 'linux' ? await codeOf(station.call('model.import', { pack: written(zipWith(huge)), trust: true })) : 'refused',
      await codeOf(station.call('model.import', { pack: written(zipOf(packFiles())), trust: false })),
      await codeOf(
        station.call('model.import', {
          pack: written(zipOf([...packFiles(), { name: '../x.txt', data: new Uint8Array(1) }])),
          trust: true,
        }),
      ),
      await codeOf(station.call('model.import', { pack: written(new Uint8Array(100)), trust: true })),
      await codeOf(station.call('model.import', { pack: 'relative.zip', trust: true })),
      await codeOf(station.call('model.import', { pack: written(zipOf(packFiles('starter'))), trust: true })),
    ]
    expect(refusals.slice(1)).toEqual(['pack.untrusted', 'pack.unsafe', 'pack.unreadable', 'request.invalid', 'pack.exists'])
    if (process.platform === 'linux')
      expect(['resource.exhausted', 'pack.checkFailed', 'model.selfTestFailed', 'model.loadFailed']).toContain(refusals[0])
    expect(packsThere()).toEqual([])
    expect(await bestOf(0)).toBe('S-0')
    expect(await station.call('health.get', {})).toMatchObject({ status: 'ok' })
    const refused = (await station.call('audit.list', {})).records.filter(
      ({ event, outcome }) => event === 'model.import' && outcome === 'refused',
    )
    expect(refused.length).toBe(process.platform === 'linux' ? 6 : 5)
  })

  test('is trusted by the key of its maker, until the key is taken back', { timeout: 120_000 }, async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const files = packFiles()
    const signature = sign(null, files[0]!.data, privateKey)
    const pack = written(zipOf([...files, { name: 'manifest.sig', data: signature }]))
    expect(await codeOf(station.call('model.import', { pack }))).toBe('pack.untrusted')
    const pem = publicKey.export({ format: 'pem', type: 'spki' }) as string
    const { keys } = await station.call('model.trust', { key: pem })
    expect((await station.call('model.trust', { key: pem })).keys).toEqual(keys)
    expect((await station.call('model.import', { pack })).signature).toEqual({ state: 'valid', key: keys[0]!.fingerprint })
    expect((await station.call('model.verify', { id: 'made-up' })).signature.state).toBe('valid')
    expect((await station.call('model.trust', { remove: keys[0]!.fingerprint })).keys).toEqual([])
    expect((await station.call('model.verify', { id: 'made-up' })).signature.state).toBe('unknown')
    await station.call('model.remove', { id: 'made-up' })
    expect(await codeOf(station.call('model.import', { pack }))).toBe('pack.untrusted')
    const secret = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
    expect(await codeOf(station.call('model.trust', { key: secret }))).toBe('request.invalid')
    expect(await codeOf(station.call('model.trust', { key: 'no key' }))).toBe('request.invalid')
  })

  test('is held against another one, on stored samples', { timeout: 120_000 }, async () => {
    await importMadeUp()
    expect(await codeOf(station.call('model.compare', { first: 'starter', second: 'made-up' }))).toBe('request.invalid')
    for (const subject of [0, 1, 2]) {
      const captureIds = [await captureOf(subject, 0), await captureOf(subject, 1)]
      await station.call('subject.enrol', { id: `S-${subject}` as never, captureIds, allowDuplicate: true })
    }
    const report = await station.call('model.compare', { first: 'starter', second: 'made-up' })
    expect(report).toMatchObject({ pictures: 6, common: 6, source: 'samples' })
    for (const pack of [report.first, report.second]) {
      expect(pack).toMatchObject({ usable: 6, refused: [], mates: { pairs: 3 }, impostors: { pairs: 12 } })
      expect(pack.latencyMs.median).toBeGreaterThan(0)
    }
    expect(report.first.mates.min).toBeGreaterThan(report.first.impostors.max!)
    expect(JSON.stringify(report)).not.toContain('S-0')
    expect(await codeOf(station.call('model.compare', { first: 'starter', second: 'absent' }))).toBe('model.unknown')
  })
})

const data = process.env.VULTUS_TEST_DATA ?? ''
const standardManifest = join(projectFolder, 'models/manifests/standard.json')

describe.skipIf(!existsSync(join(data, 'models')) || !existsSync(join(data, 'faces/people')) || !starterPackThere)(
  'the standard pack (VULTUS_TEST_DATA)',
  () => {
    const source = mkdtempSync(join(tmpdir(), 'vultus-standard-'))
    afterAll(() => rmSync(source, { recursive: true, force: true }))

    test('is imported from its files, and detects, aligns, embeds and tells people apart', { timeout: 300_000 }, async () => {
      const manifest = PackManifest.parse(JSON.parse(readFileSync(standardManifest, 'utf8')))
      mkdirSync(source, { recursive: true })
      writeFileSync(join(source, 'manifest.json'), JSON.stringify(manifest))
      for (const { file } of filesOf(manifest)) await cp(join(data, 'models', file), join(source, file))
      const { pack, selfTest } = await station.call('model.import', { pack: source, trust: true })
      expect(pack).toMatchObject({
        id: 'standard',
        families: { detector: 'yunet', embedding: 'arcface-112', pad: 'minifasnet' },
        dimension: 128,
      })
      expect(selfTest.padScore).not.toBeNull()
      // Attacks are measured with networks that were never measured before: captures get no verdict from them, an evaluation does.
      const attacks = mkdtempSync(join(tmpdir(), 'vultus-attacks-'))
      const rows = photographsIn(join(data, 'faces/people'))
        .slice(0, 4)
        .map(({ bytes }, at) => {
          writeFileSync(join(attacks, `${at}.jpg`), bytes)
          return `${at}.jpg,${at < 2 ? 'bonaFide' : 'print'}`
        })
      writeFileSync(join(attacks, 'pad.csv'), ['file,species', ...rows].join('\n'))
      const { pad: rates } = await station.call('evaluation.run', { pad: attacks, pack: 'standard' })
      rmSync(attacks, { recursive: true, force: true })
      expect(rates).toMatchObject({
        assessed: true,
        threshold: manifest.roles.pad!.scoreThreshold,
        bpcer: { of: 2 },
        apcer: [{ species: 'print', of: 2, nonResponse: { count: 0 } }],
      })
      expect(rates!.apcer[0]!.high).toBeGreaterThan(0.8)
      await station.call('model.activate', { id: 'standard' })
      const report = await station.call('model.compare', { first: 'standard', second: 'starter', folder: join(data, 'faces/people') })
      expect(report.first).toMatchObject({ model: 'standard@1.0.0', usable: report.pictures, refused: [], eer: 0 })
      // Lowest mate 0.472, highest impostor 0.249 when the pack was calibrated.
      expect(report.first.mates.min).toBeGreaterThan(0.42)
      expect(report.first.impostors.max).toBeLessThan(0.3)
      const photographs = photographsIn(join(data, 'faces/people'))
      const people = [...new Set(photographs.map(({ person }) => person))]
      const capture = async (bytes: Uint8Array<ArrayBuffer>) => await station.call('capture.fromPicture', { picture: bytes })
      for (const person of people) {
        const [first] = photographs.filter((photograph) => photograph.person === person)
        const { captureId, pad, padScore } = await capture(first!.bytes)
        // The pack brings networks for it whose error rates nobody has measured: a score, and no verdict.
        expect([pad, typeof padScore]).toEqual(['notAssessed', 'number'])
        await station.call('subject.enrol', { id: person as never, captureIds: [captureId], fmr: 0.01 })
      }
      for (const { person, bytes } of photographs) {
        const { captureId } = await capture(bytes)
        const { decision, candidates } = await station.call('gallery.identify', { captureId, fmr: 0.01 })
        expect([person, decision, candidates.map(({ id }) => id)]).toEqual([person, 'match', [person]])
      }
    })
  },
)
