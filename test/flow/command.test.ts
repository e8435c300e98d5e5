/** The command line as people use it: the built program, real processes, a vault on the disk. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { isAlive } from '../../src/doors/socket/localSocket.ts'
import { drawPortrait } from '../../src/face/drawing.ts'
import { verifyExport } from '../support/auditVerifier.ts'
import { folderOfTests } from '../support/folderOfTests.ts'
import { childrenOf, ended, firstLine, start } from '../support/program.ts'

const passphrase = 'a passphrase for the flow test'

const folder = folderOfTests()
const data = join(folder, 'data')
const picture = (subject: number, variation: number) => join(folder, `${subject}-${variation}.jpg`)

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, VULTUS_PASSPHRASE: passphrase, TMPDIR: join(folder, 'tmp') })

const begin = (argv: readonly string[], env = environment()) => start(argv, { env })
const vultus = (...argv: string[]) => ended(begin([...argv, '--data', data, '--json']))

beforeAll(async () => {
  mkdirSync(join(folder, 'tmp'))
  for (const subject of [0, 1, 2, 3])
    for (const variation of [0, 1]) writeFileSync(picture(subject, variation), await drawPortrait(subject, variation))
})

describe('without a vault', () => {
  it('detect and embed answer in their formats; a picture without a face is an answer of one and a refusal of the other', async () => {
    const detected = await vultus('detect', picture(0, 0), '--repeat', '2')
    expect(detected.code).toBe(0)
    expect(detected.json.faces.length).toBe(1)
    const [face] = detected.json.faces
    expect(face.landmarks.left_eye[0]).toBeLessThan(face.landmarks.right_eye[0])
    expect(Object.keys(detected.json.timings)).toEqual(['decodeMs', 'detectMs', 'landmarksMs', 'alignMs', 'embedMs', 'totalMs'])
    const embedded = await vultus('embed', picture(0, 0))
    expect([embedded.code, embedded.json.success, embedded.json.message]).toEqual([0, true, null])
    expect(Math.hypot(...embedded.json.embedding.embedding)).toBeCloseTo(1, 3)
    const blank = join(folder, 'blank.png')
    await sharp({ create: { width: 256, height: 256, channels: 3, background: '#888' } })
      .png()
      .toFile(blank)
    expect(await vultus('detect', blank)).toMatchObject({ code: 0, json: { faces: [] } })
    expect(await vultus('embed', blank)).toMatchObject({ code: 3, json: { error: { code: 'face.none' } } })
  })

  it('compare and models list need none; what needs one says so', async () => {
    expect(await vultus('compare', picture(0, 0), picture(0, 1))).toMatchObject({ code: 0, json: { decision: 'match' } })
    expect(await vultus('compare', picture(0, 0), picture(1, 0))).toMatchObject({ code: 1, json: { decision: 'nonMatch' } })
    expect((await vultus('models', 'list')).json.packs.length).toBeGreaterThan(0)
    expect(await vultus('subjects')).toMatchObject({ code: 4, json: { error: { code: 'vault.missing' } } })
  })
})

describe('with a vault', () => {
  beforeAll(async () => {
    expect(await vultus('init', '--key', 'passphrase')).toMatchObject({ code: 0, json: { key: 'passphrase', kind: 'real' } })
    for (const subject of [0, 1, 2]) {
      const enrolled = await vultus('enrol', '--id', `S-${subject}`, '--name', `Person ${subject}`, picture(subject, 0))
      expect(enrolled).toMatchObject({ code: 0, json: { id: `S-${subject}`, references: [expect.any(Number)], sequence: subject + 1 } })
    }
  })

  it('verifies, identifies, refuses doubles, lists, erases, checks the audit', async () => {
    expect(await vultus('verify', '--id', 'S-0', picture(0, 1))).toMatchObject({ code: 0, json: { decision: 'match' } })
    expect(await vultus('verify', '--id', 'S-1', picture(0, 1))).toMatchObject({ code: 1, json: { decision: 'nonMatch' } })
    expect(await vultus('verify', '--id', 'S-9', picture(0, 1))).toMatchObject({ code: 6, json: { error: { code: 'subject.unknown' } } })
    const found = await vultus('identify', picture(2, 1))
    expect(found).toMatchObject({ code: 0, json: { decision: 'match', gallerySize: 3, candidates: [{ id: 'S-2' }] } })
    expect(await vultus('identify', picture(3, 0))).toMatchObject({ code: 1, json: { decision: 'nonMatch', candidates: [] } })
    const { explanation } = (await vultus('identify', picture(2, 1), '--explain')).json as { explanation: Record<string, unknown> }
    expect(explanation).toMatchObject({ stage: expect.stringMatching(/^(packed|flat)$/), threads: 0, probes: 1 })
    expect(explanation.rowsRead).toBeGreaterThan(0)
    expect(explanation.bytes).toBeGreaterThan(0)
    expect(await vultus('enrol', '--id', 'S-7', picture(0, 1))).toMatchObject({
      code: 7,
      json: { error: { code: 'duplicate.found' }, candidates: [{ id: 'S-0' }] },
    })
    expect(await vultus('enrol', '--id', 'S-8', picture(3, 0), join(folder, 'none.jpg'))).toMatchObject({ code: 3 })
    const { subjects } = (await vultus('subjects')).json
    expect(subjects.map((subject: { id: string }) => subject.id).sort()).toEqual(['S-0', 'S-1', 'S-2'])
    const certificate = join(folder, 'certificate.json')
    const erased = await vultus('erase', '--id', 'S-2', '--certificate', certificate)
    expect(erased).toMatchObject({ code: 0, json: { id: 'S-2', erased: true, logEmptied: true } })
    expect(JSON.parse(readFileSync(certificate, 'utf8'))).toEqual(erased.json.certificate)
    expect(await vultus('erase', '--id', 'S-2')).toMatchObject({ code: 6 })
    expect(await vultus('verify-certificate', certificate, '--id', 'S-2')).toMatchObject({
      code: 0,
      json: { ok: true, auditRecord: 'found' },
    })
    expect(await vultus('verify-certificate', certificate, '--id', 'S-1')).toMatchObject({ code: 1, json: { ok: false, idMatches: false } })
    const { no } = JSON.parse(erased.json.certificate.body).auditRecord
    expect((await vultus('audit', 'certificate', '--record', String(no))).json.body).toBe(erased.json.certificate.body)
    const checked = await vultus('audit', 'verify')
    expect(checked).toMatchObject({ code: 0, json: { ok: true, firstBad: null, badCheckpoint: null } })

    const exported = join(folder, 'audit.jsonl')
    expect((await vultus('audit', 'export', '--out', exported)).code).toBe(0)
    expect(verifyExport(readFileSync(exported, 'utf8'), checked.json.stationKey.fingerprint)).toEqual({ ok: true })
    const checkpoint = join(folder, 'checkpoint.txt')
    const { json: kept } = await vultus('audit', 'checkpoint')
    writeFileSync(checkpoint, `public key ${kept.stationKey.publicKey}\n${kept.line}\n`)
    expect((await vultus('audit', 'verify', '--checkpoint', checkpoint)).json.anchors).toMatchObject([{ place: 'given', state: 'agrees' }])
    const elsewhere = ['verify-certificate', certificate, '--public-key', checkpoint, '--data', join(folder, 'none'), '--json']
    expect(await ended(begin(elsewhere))).toMatchObject({ code: 0, json: { ok: true, auditRecord: null } })
  })

  it('a wrong passphrase, none, and a second init: 4, and nothing changes', async () => {
    const asking = (env: NodeJS.ProcessEnv) => ended(begin(['subjects', '--data', data, '--json'], env))
    expect(await asking({ ...environment(), VULTUS_PASSPHRASE: 'not the right one' })).toMatchObject({
      code: 4,
      json: { error: { code: 'vault.wrongKey' } },
    })
    const { VULTUS_PASSPHRASE: _, ...without } = environment()
    expect(await asking(without)).toMatchObject({ code: 4, json: { error: { code: 'vault.locked' } } })
    expect(await vultus('init', '--key', 'passphrase')).toMatchObject({ code: 4, json: { error: { code: 'vault.exists' } } })
    expect((await vultus('subjects')).code).toBe(0)
  })

  it('two commands at once both get their turn', async () => {
    const both = await Promise.all([vultus('verify', '--id', 'S-0', picture(0, 1)), vultus('verify', '--id', 'S-1', picture(1, 1))])
    expect(both.map((ran) => ran.code)).toEqual([0, 0])
  })

  it('serve answers REST, lets commands attach, hands the passphrase to no child, and ends with its processes', async () => {
    const child = begin(['serve', '--data', data, '--json'])
    const end = ended(child)
    try {
      const { address, token } = JSON.parse(await firstLine(child))
      const ask = (path: string, body?: unknown) =>
        fetch(`${address}${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }).then((response) => response.json())
      const image = readFileSync(picture(0, 1)).toString('base64')
      expect((await ask('/api/detect-face', { image })).faces.length).toBe(1)
      const { success, embedding } = await ask('/api/extract-embedding', { image })
      expect(success).toBe(true)
      const similarity = await ask('/api/calculate-similarity', { template1: embedding, template2: embedding.embedding })
      expect(similarity.cosine).toBeCloseTo(1, 5)
      expect((await ask('/api/health')).model_status).toMatchObject({ loaded: true })
      expect((await ask('/api/templates', { id: 'T-1', data: embedding, metadata: { from: 'test' } })).id).toBe('T-1')
      expect(
        (await ask('/api/templates/matches', { data: embedding, threshold: 0.9 })).matches.map((match: { id: string }) => match.id),
      ).toContain('T-1')

      const children = process.platform === 'linux' ? childrenOf(child.pid!) : []
      expect(children.length).toBe(process.platform === 'linux' ? 2 : 0)
      for (const pid of children) expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(passphrase)

      const { VULTUS_PASSPHRASE: _, ...without } = environment()
      const attached = await ended(begin(['verify', '--id', 'S-0', picture(0, 1), '--data', data, '--json'], without))
      expect(attached).toMatchObject({ code: 0, json: { decision: 'match' } })
      child.kill('SIGTERM')
      expect((await end).code).toBe(0)
      expect((await end).stdout.trim().split('\n').length).toBe(1)
      await expect.poll(() => children.filter(isAlive)).toEqual([])
    } finally {
      child.kill('SIGKILL')
    }
  })
})

describe('start', () => {
  it('--demo --exit does the main job on a vault that is gone afterwards', async () => {
    const ran = await ended(begin(['start', '--demo', '--exit']))
    expect(ran.stdout).toContain('all came out right')
    expect(ran.code).toBe(0)
    expect(readdirSync(join(folder, 'tmp'))).toEqual([])
  })

  it('serves the window and prints an address; Ctrl-C ends it', async () => {
    const child = begin(['start', '--demo', '--json'])
    const end = ended(child)
    try {
      const { address } = JSON.parse(await firstLine(child))
      const page = await fetch(address)
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<html')])
      child.kill('SIGINT')
      expect((await end).code).toBe(0)
      expect(readdirSync(join(folder, 'tmp'))).toEqual([])
    } finally {
      child.kill('SIGKILL')
    }
  })
})

describe('streams', () => {
  it('a reader that goes away is no failure', async () => {
    const child = begin(['--help'])
    child.stdout.destroy()
    const { code, stderr } = await ended(child)
    expect([code, stderr]).toEqual([0, ''])
  })

  it('a failure in words goes to stderr, and is no stack', async () => {
    const { code, stdout, stderr } = await ended(begin(['detect', join(folder, 'none.jpg')]))
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toBe('vultus: The picture file does not exist. (none.jpg)\nCheck the path and the spelling of the file name.\n')
  })
})
