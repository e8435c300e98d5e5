import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import { fakeStation, inputsOf } from '../../support/fakeStation.ts'
import { folderOfTests } from '../../support/folderOfTests.ts'
import { runFake } from '../../support/runFake.ts'

const folder = folderOfTests()

/** What the station answers of a certificate. */
const reportOf = (changes: object, body: object = {}) => ({
  ok: true,
  signature: 'good',
  auditRecord: 'found',
  idMatches: null,
  certificate: {
    format: 'vultus.erasure-certificate/1',
    vaultId: '00000000-0000-4000-8000-000000000000',
    subject: 'random',
    subjectIdHash: '0'.repeat(64),
    destroyed: { references: 3, samples: 2, versions: 1, keyEpochs: [1, 2] },
    time: '2031-04-06T07:08:09.000Z',
    by: { role: 'supervisor\u001b[31m', door: 'command', operator: null },
    auditRecord: { no: 42, hash: '0'.repeat(64) },
    backupKeyFile: null,
    stationKey: '0'.repeat(64),
    ...body,
  },
  ...changes,
})

describe('audit export', () => {
  const pages = {
    'audit.export': ({ after }: { after: number }) =>
      after === 0 ? { lines: ['{"a":1}', '{"a":2}'], next: { after: 2, upTo: 3 } } : { lines: ['{"a":3}'], next: null },
  }

  it('streams page after page to stdout, or to a new file', async () => {
    const station = fakeStation(pages)
    expect(await runFake(['audit', 'export'], { station })).toMatchObject({ code: 0, stdout: '{"a":1}\n{"a":2}\n{"a":3}\n', stderr: '' })
    expect(inputsOf(station, 'audit.export')).toEqual([
      { after: 0, limit: 1000 },
      { after: 2, upTo: 3, limit: 1000 },
    ])
    const out = join(folder, 'export.jsonl')
    const { code, json } = await runFake(['audit', 'export', '--out', out, '--json'], { station })
    expect([code, json()]).toEqual([0, { file: out, lines: 3 }])
    expect(readFileSync(out, 'utf8')).toBe('{"a":1}\n{"a":2}\n{"a":3}\n')
    expect((await runFake(['audit', 'export', '--out', out, '--json'], { station })).json().error.code).toBe('file.unwritable')
    expect((await runFake(['audit', 'export', '--json'], { station })).json().error).toMatchObject({
      code: 'request.invalid',
      detail: expect.stringContaining('--out'),
    })
  })

  it('leaves no file where it is refused on the way', async () => {
    const station = fakeStation({
      'audit.export': ({ after }) => {
        if (after > 0) throw new VultusError('audit.broken')
        return { lines: ['{}'], next: { after: 1, upTo: 2 } }
      },
    })
    const out = join(folder, 'broken.jsonl')
    expect((await runFake(['audit', 'export', '--out', out], { station })).code).toBe(4)
    expect(existsSync(out)).toBe(false)
  })
})

describe('files of other commands', () => {
  it('a checkpoint is read, a witness is named by its absolute path', async () => {
    const station = fakeStation({ 'audit.witness': ({ file }) => ({ file, anchors: [] }) })
    const checkpoint = join(folder, 'checkpoint.txt')
    writeFileSync(checkpoint, 'a checkpoint')
    await runFake(['audit', 'verify', '--checkpoint', checkpoint], { station })
    expect(inputsOf(station, 'audit.verify')).toEqual([{ checkpoint: 'a checkpoint' }])
    await runFake(['audit', 'witness', '--file', 'w.jsonl'], { station })
    expect(inputsOf(station, 'audit.witness')).toEqual([{ file: resolve('w.jsonl'), remove: false, accept: false }])
    for (const name of ['nowhere', '.']) {
      const refused = await runFake(['audit', 'verify', '--checkpoint', join(folder, name), '--json'], { station })
      expect([refused.code, refused.json().error.code]).toEqual([2, 'file.unreadable'])
    }
  })

  it('a checkpoint is printed for people, and is an object with --json', async () => {
    const answer = {
      vaultId: 'vault',
      records: 7,
      headHash: 'ab',
      time: 'now',
      format: 'vultus.checkpoint/1',
      stationKey: { publicKey: 'PK', fingerprint: 'FP' },
      line: '{"body":"..."}',
    }
    const station = fakeStation({ 'audit.checkpoint': () => answer })
    const { stdout } = await runFake(['audit', 'checkpoint'], { station })
    expect(stdout).toMatch(/^Vultus audit checkpoint\n/)
    expect(stdout).toMatch(/\npublic key +PK\n/)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(answer.line)
    expect((await runFake(['audit', 'checkpoint', '--json'], { station })).json()).toEqual(answer)
  })

  it('a certificate is written only when the erasure was done, and never over a file', async () => {
    const station = fakeStation()
    const file = join(folder, 'certificate.json')
    expect((await runFake(['erase', '--id', 'R-1', '--certificate', file], { station })).code).toBe(0)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ body: '{}', signature: 'AAAA', publicKey: 'AAAA', salt: 'AAAA' })
    expect((await runFake(['erase', '--id', 'R-1', '--certificate', file], { station })).code).toBe(2)
    expect(inputsOf(station, 'subject.erase').length).toBe(1)
    const unknown = fakeStation({
      'subject.erase': () => {
        throw new VultusError('subject.unknown')
      },
    })
    const none = join(folder, 'none.json')
    expect((await runFake(['erase', '--id', 'R-1', '--certificate', none], { station: unknown })).code).toBe(6)
    expect(existsSync(none)).toBe(false)
  })

  it('a certificate is verified with the vault, or without it by a public key', async () => {
    const station = fakeStation({ 'certificate.verify': ({ id }) => reportOf({ ok: id !== 'R-2' }) })
    const file = join(folder, 'given.json')
    writeFileSync(file, 'certificate')
    expect((await runFake(['verify-certificate', file, '--id', 'R-1'], { station })).code).toBe(0)
    expect((await runFake(['verify-certificate', file, '--id', 'R-2'], { station })).code).toBe(1)
    expect(inputsOf(station, 'vault.status').length).toBe(2)
    const key = join(folder, 'key.txt')
    writeFileSync(key, 'key')
    expect((await runFake(['verify-certificate', file, '--public-key', key], { station })).code).toBe(0)
    expect(inputsOf(station, 'vault.status').length).toBe(2)
    expect(inputsOf(station, 'certificate.verify').at(-1)).toEqual({ certificate: 'certificate', publicKey: 'key' })
    expect((await runFake(['verify-certificate'], { station })).code).toBe(2)
  })

  it('a certificate is explained in plain words, also until when a kept key file opens old backups', async () => {
    const file = join(folder, 'plain.json')
    writeFileSync(file, 'certificate')
    const words = async (changes: object, body?: object) => {
      const station = fakeStation({ 'certificate.verify': () => reportOf(changes, body) })
      return (await runFake(['verify-certificate', file], { station })).stdout
    }
    const plain = await words({})
    expect(plain).toMatch(/^The certificate is right\.\nIt is signed by the station\.\nIts audit record 42 stands in the audit chain/)
    expect(plain).toContain('3 references, 2 samples, 1 versions')
    expect(plain).toContain('knew of no backup')
    expect(plain).not.toContain('\u001b')
    const waiting = await words({}, { backupKeyFile: { keyFiles: 2, replacedAt: null } })
    expect(waiting).toContain('backups with 2 key files')
    expect(waiting).toContain('vultus audit certificate --record 42')
    const followed = await words({}, { backupKeyFile: { keyFiles: 1, replacedAt: '2031-04-07T00:00:00.000Z' } })
    expect(followed).toContain('replaced at 2031-04-07T00:00:00.000Z')
    const restoredFrom = '2031-03-01T00:00:00.000Z'
    expect(await words({}, { restoredFrom })).toContain(`restored from a backup of ${restoredFrom}`)
    expect(await words({ ok: false, auditRecord: 'differs' })).toMatch(/is another one in the audit chain.*check it with --public-key/s)
    const wrong = await words({ ok: false, signature: 'bad', auditRecord: 'missing', idMatches: false })
    expect(wrong).toMatch(/NOT right\.\nIt is not signed by the station\..*is missing from the audit chain.*NOT of the subject/s)
  })
})
