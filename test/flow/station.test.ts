import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeLive, encodeFrame, type LivePacket } from '../../src/contract/live.ts'
import { drawPortrait } from '../../src/face/drawing.ts'
import { codeOf } from '../support/codeOf.ts'
import { openTestStation, type TestStation } from '../support/station.ts'

const captureOf = async (station: TestStation, subject: number, variation = 0) =>
  (await station.call('capture.fromPicture', { picture: await drawPortrait(subject, variation) })).captureId

describe('a station with real processes', () => {
  let station: TestStation
  beforeAll(async () => {
    station = await openTestStation()
  })
  afterAll(async () => {
    await station.close()
    for (const { child } of station.children) expect(() => process.kill(child.pid!, 0)).toThrow()
  })

  it('enrols, verifies and identifies drawn subjects', async () => {
    for (let subject = 0; subject < 4; subject++) {
      const captureId = await captureOf(station, subject)
      const answer = await station.call('subject.enrol', { id: `S-${subject}` as never, name: `Name ${subject}`, captureIds: [captureId] })
      expect(answer.references.length).toBe(1)
      expect(answer.sequence).toBe(subject + 1)
    }
    for (let subject = 0; subject < 4; subject++) {
      const captureId = await captureOf(station, subject, 1)
      expect((await station.call('subject.verify', { id: `S-${subject}` as never, captureId })).decision).toBe('match')
      expect((await station.call('subject.verify', { id: `S-${(subject + 1) % 4}` as never, captureId })).decision).toBe('nonMatch')
      const found = await station.call('gallery.identify', { captureId })
      expect(found.decision).toBe('match')
      expect(found.candidates[0]?.id).toBe(`S-${subject}`)
      expect(found.gallerySize).toBe(4)
    }
    const stranger = await captureOf(station, 4)
    expect(await station.call('gallery.identify', { captureId: stranger })).toMatchObject({ decision: 'nonMatch', candidates: [] })
  })

  it('tells how the newest search was done, what waits and its memory', async () => {
    const { search, waitingPictures, memoryBytes } = await station.call('station.figures', {})
    expect(search).toMatchObject({ stage: expect.stringMatching(/^(packed|flat)$/), rowsRead: expect.any(Number) })
    expect(search!.ms).toBeGreaterThan(0)
    expect(waitingPictures).toBe(0)
    expect(memoryBytes).toBeGreaterThan(20e6)
  })

  it('refuses a duplicate with its candidates and enrols it when told to', async () => {
    const captureId = await captureOf(station, 0, 2)
    const refused = await station.station.run(
      'subject.enrol',
      { id: 'S-dup', captureIds: [captureId] },
      { role: 'operator', door: 'socket' },
    )
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'duplicate.found' }, data: { candidates: [{ id: 'S-0' }] } })
    await station.call('subject.enrol', { id: 'S-dup' as never, captureIds: [captureId], allowDuplicate: true })
    expect((await station.call('subject.erase', { id: 'S-dup' as never })).erased).toBe(true)
    expect(await codeOf(station.call('subject.get', { id: 'S-dup' as never }))).toBe('subject.unknown')
    const found = await station.call('gallery.identify', { captureId })
    expect(found.candidates.map((candidate) => candidate.id)).toEqual(['S-0'])
  })

  it('gives an id that exists a new version, which takes the place of the old one', async () => {
    const captureId = await captureOf(station, 3, 2)
    await station.call('subject.enrol', { id: 'S-3' as never, captureIds: [captureId] })
    const { history, references } = await station.call('subject.get', { id: 'S-3' as never })
    expect(history.map(({ version, active }) => [version, active]).sort()).toEqual([
      [1, false],
      [2, true],
    ])
    expect(references).toBe(1)
    expect((await station.call('gallery.status', {})).references).toBe(4)
  })

  it('two enrolments of one face at once: one is refused as a duplicate', async () => {
    const [first, second] = [await captureOf(station, 5), await captureOf(station, 5, 1)]
    const codes = await Promise.all([
      codeOf(station.call('subject.enrol', { id: 'T-1' as never, captureIds: [first] })),
      codeOf(station.call('subject.enrol', { id: 'T-2' as never, captureIds: [second] })),
    ])
    expect(codes.sort()).toEqual(['answered', 'duplicate.found'])
  })

  it('all pictures or none: one capture that is gone enrols nothing', async () => {
    const captureId = await captureOf(station, 6)
    const gone = 'A'.repeat(22) as never
    expect(await codeOf(station.call('subject.enrol', { id: 'U-1' as never, captureIds: [captureId, gone] }))).toBe('capture.unknown')
    expect(await codeOf(station.call('subject.get', { id: 'U-1' as never }))).toBe('subject.unknown')
  })

  it('a real vault takes nothing simulated', async () => {
    expect(await codeOf(station.call('capture.open', { source: 'simulated' }))).toBe('capture.simulatedRefused')
    expect(await codeOf(station.call('capture.fromPicture', { picture: await drawPortrait(0, 0), source: 'simulated' }))).toBe(
      'capture.simulatedRefused',
    )
    expect(await codeOf(station.call('demo.portrait', { subject: 0 }))).toBe('vault.kindRefused')
  })

  it('a killed process is reported, restarted, and nothing is lost', async () => {
    const events: string[] = []
    const off = station.station.onEvent((name, payload) => {
      if (name === 'station.health') events.push(`${(payload as { part: string }).part} ${(payload as { state: string }).state}`)
    })
    for (const part of ['face', 'matcher'] as const) {
      const child = station.children.filter(({ entry }) => entry === part).at(-1)!.child
      process.kill(child.pid!, 'SIGKILL')
      // The next call either meets the restart (a typed refusal) or waits for the new process.
      const deadlineMs = Date.now() + 30_000
      let decision = ''
      while (decision !== 'match' && Date.now() < deadlineMs) {
        try {
          const captureId = await captureOf(station, 1, 1)
          decision = (await station.call('gallery.identify', { captureId })).decision
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(process\.restarted|gallery\.notReady)$/) })
        }
      }
      expect(decision).toBe('match')
      expect(events).toContain(`${part} restarting`)
      expect(events.at(-1)).toBe(`${part} ready`)
    }
    off()
  })

  it('live frames come back as overlays and the best becomes a capture', async () => {
    const { sessionId } = await station.call('capture.open', { source: 'camera' })
    expect(await codeOf(station.call('capture.take', { sessionId }))).toBe('capture.notReady')
    const jpeg = await drawPortrait(2, 1)
    const packets: LivePacket[] = []
    const off = station.station.onLive((bytes) => packets.push(decodeLive(bytes)!))
    for (let frameNo = 0; frameNo < 10; frameNo++) {
      station.station.pushFrame(encodeFrame({ sessionId, frameNo, capturedAtMs: frameNo * 50, jpeg }))
      const deadlineMs = Date.now() + 10_000
      while (packets.length <= frameNo && Date.now() < deadlineMs) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    off()
    expect(packets.map((packet) => packet.frameNo)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(packets[9]!.faces[0]!.points.length).toBe(936)
    const { captureId, captureSource, pad } = await station.call('capture.take', { sessionId })
    expect([captureSource, pad]).toEqual(['camera', 'notAssessed'])
    expect((await station.call('gallery.identify', { captureId })).candidates[0]?.id).toBe('S-2')
    await station.call('capture.close', { sessionId })
    expect(await codeOf(station.call('capture.take', { sessionId }))).toBe('capture.sessionUnknown')
  })

  it('names a virtual camera, notes it with the capture, and refuses it where virtual ones are forbidden', async () => {
    const open = (camera: string) => station.call('capture.open', { source: 'camera', camera })
    const { sessionId, virtualCamera } = await open('OBS Virtual Camera')
    expect(virtualCamera).toBe('OBS Virtual Camera')
    const jpeg = await drawPortrait(2, 1)
    let answered = 0
    const off = station.station.onLive(() => answered++)
    station.station.pushFrame(encodeFrame({ sessionId, frameNo: 0, capturedAtMs: 0, jpeg }))
    const deadlineMs = Date.now() + 10_000
    while (answered === 0 && Date.now() < deadlineMs) await new Promise((resolve) => setTimeout(resolve, 5))
    off()
    expect((await station.call('capture.take', { sessionId })).liveness.injection).toEqual(['virtualCamera'])
    await station.call('capture.close', { sessionId })
    await station.call('camera.settings', { virtual: 'forbidden' })
    expect(await codeOf(open('OBS Virtual Camera'))).toBe('capture.virtualCamera')
    const device = await open('Integrated Camera (13d3:5666)')
    expect(device.virtualCamera).toBeNull()
    await station.call('capture.close', { sessionId: device.sessionId })
    await station.call('camera.settings', { virtual: 'allowed' })
  })

  it('roles are checked: a client cannot erase, an auditor cannot enrol', async () => {
    expect(await codeOf(station.call('subject.erase', { id: 'S-1' as never }, { role: 'client', door: 'rest' }))).toBe('permission.denied')
    expect(await codeOf(station.call('gallery.status', {}, { role: 'auditor', door: 'socket' }))).toBe('permission.denied')
  })

  it('a second station on the same vault is refused', async () => {
    const second = await openTestStation({ folder: station.folder })
    expect(await codeOf(second.call('subject.list', {}))).toBe('vault.inUse')
    await second.close()
  })

  it('stores, finds and gives back templates of clients, and no enrolled template', async () => {
    const { embedding } = await station.call('face.template', { image: await drawPortrait(7, 0) })
    const client = { role: 'client', door: 'rest' } as const
    await station.call('template.store', { id: 'C-1' as never, data: embedding!.embedding, metadata: { unit: 4 } }, client)
    const stored = await station.call('template.retrieve', { id: 'C-1' as never }, client)
    expect(stored.metadata).toEqual({ unit: 4 })
    expect(stored.data.length).toBe(embedding!.embedding.length)
    const found = await station.call('template.findMatches', { data: { embedding: embedding!.embedding } as never }, client)
    expect(found.matches[0]?.id).toBe('C-1')
    expect(found.matches[0]?.score).toBeCloseTo(1, 5)
    const near = { data: { embedding: embedding!.embedding } as never, distanceMax: 0.01 }
    expect(await station.call('template.findMatches', near, client)).toMatchObject({
      matches: [{ id: 'C-1' }],
      threshold: 0.99995,
      fmr: null,
    })
    expect(await codeOf(station.call('template.retrieve', { id: 'S-1' as never }, client))).toBe('template.unknown')
    expect(await codeOf(station.call('template.store', { id: 'C-2' as never, data: [1, 2, 3] }, client))).toBe('template.invalid')
  })

  it('the audit chain verifies and holds no id and no name', async () => {
    const { ok, records, firstBad } = await station.call('audit.verify', {})
    expect([ok, firstBad]).toEqual([true, null])
    expect(records).toBeGreaterThan(20)
  })

  it('the vault outlives the station', async () => {
    await station.station.close()
    const again = await openTestStation({ folder: station.folder })
    const { subjects } = await again.call('subject.list', {})
    expect(subjects.find((subject) => subject.id === 'S-0')?.name).toBe('Name 0')
    const captureId = await captureOf(again, 0, 1)
    expect((await again.call('gallery.identify', { captureId })).candidates[0]?.id).toBe('S-0')
    await again.close()
  })
})

describe('without a vault', () => {
  it('looks at pictures, compares them, and refuses what needs a vault', async () => {
    const station = await openTestStation({ kind: 'none' })
    expect((await station.call('face.detect', { image: await drawPortrait(0, 0) })).faces.length).toBe(1)
    const captureIds = [await captureOf(station, 0), await captureOf(station, 0, 1)] as [never, never]
    expect((await station.call('comparison.decide', { captureIds })).decision).toBe('match')
    expect(await codeOf(station.call('subject.list', {}))).toBe('vault.missing')
    expect((await station.call('vault.status', {})).state).toBe('missing')
    await station.close()
  })
})

describe('children', () => {
  it('get no secret by their environment', async () => {
    process.env.VULTUS_PASSPHRASE = 'must not be inherited'
    const station = await openTestStation({ kind: 'none' })
    try {
      await station.call('model.list', {})
      if (process.platform !== 'linux') return
      const environment = execFileSync('cat', [`/proc/${station.children[0]!.child.pid}/environ`], { encoding: 'latin1' })
      expect(environment).toContain('PATH=')
      expect(environment).not.toContain('must not be inherited')
    } finally {
      delete process.env.VULTUS_PASSPHRASE
      await station.close()
    }
  })
})
