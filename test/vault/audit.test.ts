import { createHash } from 'node:crypto'
import type Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf, enrolEntry, eraseEntry, newVault, rawDatabase, readEntry, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const records = 12

async function vaultWithRecords(): Promise<string> {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  for (let no = 0; no < records; no++) vault.audit.append({ ...readEntry, details: { no } })
  vault.close()
  return folder
}

async function verdictAfter(folder: string) {
  const vault = await reopened(folder)
  const verdict = vault.audit.verify()
  vault.close()
  return verdict
}

/** Ways to tamper with record no of the chain, and the record that has to be named. */
const tampering: Record<string, { tamper: (raw: Database.Database, no: number) => void; bad: (no: number) => number }> = {
  'a changed body': {
    tamper: (raw, no) => raw.prepare(`UPDATE audit SET body = replace(body, 'done', 'gone') WHERE record_no = ?`).run(no),
    bad: (no) => no,
  },
  'a changed body with a hash that fits': {
    tamper: (raw, no) => {
      raw.function('sha256_of', (text) => sha256(String(text)))
      raw.prepare(`UPDATE audit SET body = replace(body, 'done', 'gone') WHERE record_no = ?`).run(no)
      raw.prepare('UPDATE audit SET hash = sha256_of(body) WHERE record_no = ?').run(no)
    },
    bad: (no) => no,
  },
  'a changed hash': {
    tamper: (raw, no) => raw.prepare(`UPDATE audit SET hash = zeroblob(32) WHERE record_no = ?`).run(no),
    bad: (no) => no,
  },
  'a changed MAC': {
    tamper: (raw, no) => raw.prepare(`UPDATE audit SET mac = zeroblob(32) WHERE record_no = ?`).run(no),
    bad: (no) => no,
  },
  'a deleted record': { tamper: (raw, no) => raw.prepare('DELETE FROM audit WHERE record_no = ?').run(no), bad: (no) => no },
  'a deleted record with those after it moved up': {
    tamper: (raw, no) => {
      raw.prepare('DELETE FROM audit WHERE record_no = ?').run(no)
      for (let later = no + 1; later <= records; later++)
        raw.prepare('UPDATE audit SET record_no = ? WHERE record_no = ?').run(later - 1, later)
    },
    bad: (no) => no,
  },
  'a cut tail': { tamper: (raw, no) => raw.prepare('DELETE FROM audit WHERE record_no >= ?').run(no), bad: (no) => no },
  'a cut tail with the count made to fit': {
    tamper: (raw, no) => {
      raw.prepare('DELETE FROM audit WHERE record_no >= ?').run(no)
      raw.prepare('UPDATE audit_head SET records = ?').run(no - 1)
    },
    bad: (no) => no,
  },
  'two records swapped': {
    tamper: (raw, no) => {
      const other = no === records ? 1 : no + 1
      raw.prepare('UPDATE audit SET record_no = 1000 WHERE record_no = ?').run(no)
      raw.prepare('UPDATE audit SET record_no = ? WHERE record_no = ?').run(no, other)
      raw.prepare('UPDATE audit SET record_no = ? WHERE record_no = 1000').run(other)
    },
    bad: (no) => (no === records ? 1 : no),
  },
  'a record too many': {
    tamper: (raw, no) => raw.prepare('INSERT INTO audit SELECT ?, body, hash, mac FROM audit WHERE record_no = ?').run(records + 1, no),
    bad: () => records + 1,
  },
  'no head': { tamper: (raw) => raw.exec('DELETE FROM audit_head'), bad: () => records + 1 },
  'a changed head': { tamper: (raw) => raw.exec('UPDATE audit_head SET hash = zeroblob(32)'), bad: () => records + 1 },
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

describe('the audit chain', () => {
  it('keeps random ids, codes and numbers, and verifies', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    vault.enrolments.commit({ id: 'R-1', name: 'Ada', references: [referenceOf('a')], audit: { ...enrolEntry, details: { fmr: 0.001 } } })
    const subject = vault.subjects.auditIdOf('R-1')
    vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    vault.audit.append({ ...readEntry, outcome: 'refused', code: 'subject.unknown' })
    expect(vault.audit.verify()).toEqual({ ok: true, records: 3, firstBad: null })
    vault.close()
    const raw = await rawDatabase(folder)
    const bodies = raw.prepare<[], string>('SELECT body FROM audit ORDER BY record_no').pluck().all()
    const [enrolled, erased, refused] = bodies.map((body) => JSON.parse(body))
    expect(enrolled).toEqual({
      no: 1,
      at: expect.stringMatching(/^2031-05-06T07:08:\d\d\.000Z$/),
      event: 'subject.enrol',
      actor: { role: 'operator', door: 'ipc' },
      outcome: 'done',
      subject,
      details: { fmr: 0.001, sequence: 1 },
      previous: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(erased).toMatchObject({ subject, previous: sha256(bodies[0]!).toString('hex'), details: { sequence: 2 } })
    expect(refused).toMatchObject({ no: 3, outcome: 'refused', code: 'subject.unknown' })
    expect(Object.keys(enrolled)).toEqual([...Object.keys(enrolled)].sort())
    expect(bodies.join()).not.toContain('Ada')
    expect(bodies.join()).not.toContain('R-1')
  })

  it.each(Object.keys(tampering))('names the first bad record after %s', async (name) => {
    const { tamper, bad } = tampering[name]!
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: records }), async (no) => {
        const folder = await vaultWithRecords()
        const raw = await rawDatabase(folder)
        tamper(raw, no)
        raw.close()
        expect(await verdictAfter(folder)).toMatchObject({ ok: false, firstBad: bad(no) })
      }),
      { numRuns: 2, seed: 3 },
    )
  })

  it('is not continued from a head that does not verify', async () => {
    const folder = await vaultWithRecords()
    const raw = await rawDatabase(folder)
    raw.exec('UPDATE audit_head SET records = 5')
    raw.close()
    const vault = await reopened(folder)
    expect(await codeOf(() => vault.audit.append(readEntry))).toBe('audit.broken')
    expect(await codeOf(() => vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry }))).toBe(
      'audit.broken',
    )
    expect(vault.galleries.counts().subjects).toBe(0)
  })
})
