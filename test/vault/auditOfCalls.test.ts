/** Every procedure that has to be recorded leaves its record, whatever becomes of the call. Walks the table. */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Row } from '../../src/contract/row.ts'
import type { AuditRecord } from '../../src/contract/rows/audit.ts'
import { type ProcedureName, procedures } from '../../src/contract/table.ts'
import { Role } from '../../src/contract/types.ts'
import { openStation } from '../../src/station/station.ts'
import { passphrase, temporaryFolder } from './fixtures.ts'

const rows = Object.entries(procedures as Readonly<Record<string, Row>>)
const recorded = rows.filter(([, row]) => row.audit === 'effect' || row.audit === 'read')
const silent = rows.filter(([, row]) => row.audit === 'none')

/** Inputs that these procedures answer without any other process. */
const answered: Readonly<Record<string, unknown>> = {
  'vault.unlock': { passphrase },
  'subject.list': {},
  'audit.verify': {},
  'audit.list': {},
  'audit.export': {},
  'audit.checkpoint': {},
  'audit.witness': {},
}

async function openedStation() {
  const station = openStation({
    dataFolder: temporaryFolder(),
    packsFolder: temporaryFolder(),
    version: '0.0.0-test',
    spawn: () => {
      throw new Error('no process in this test')
    },
    passphrase,
    log: () => undefined,
  })
  onTestFinished(() => station.close())
  const administrator = { role: 'administrator', door: 'socket' } as const
  expect(await station.run('vault.init', { key: 'passphrase', kind: 'demo' }, administrator)).toMatchObject({ ok: true })
  /** The newest record of the chain, without the reading of it. */
  const newest = async (): Promise<AuditRecord> => {
    const page = await station.run('audit.list', { limit: 1 }, administrator)
    if (!page.ok) throw new Error(page.refusal.code)
    return (page.value as { records: AuditRecord[] }).records[0] as AuditRecord
  }
  return { station, newest }
}

describe('the audit of calls', () => {
  it('records who was not permitted, and what was not well formed', async () => {
    const { station, newest } = await openedStation()
    for (const [name, row] of recorded) {
      const outsider = Role.options.find((role) => !row.roles.includes(role))
      if (outsider !== undefined) {
        await station.run(name, {}, { role: outsider, door: 'rest' })
        expect(await newest()).toMatchObject({
          event: name,
          actor: { role: outsider, door: 'rest' },
          outcome: 'refused',
          code: 'permission.denied',
        })
      }
      await station.run(name, null, { role: row.roles[0]!, door: 'ipc' })
      expect(await newest()).toMatchObject({ event: name, actor: { role: row.roles[0] }, outcome: 'refused', code: 'request.invalid' })
    }
  })

  it('records what was done, what was read and what failed', async () => {
    const { station, newest } = await openedStation()
    const actor = { role: 'administrator', door: 'command' } as const
    for (const [name, input] of Object.entries(answered)) {
      expect(procedures[name as ProcedureName].audit).not.toBe('none')
      expect([name, (await station.run(name, input, actor)).ok]).toEqual([name, true])
      expect(await newest()).toMatchObject({ event: name, actor, outcome: 'done' })
    }
    await station.run('certificate.get', { record: 1 }, actor)
    expect(await newest()).toMatchObject({ event: 'certificate.get', outcome: 'refused', code: 'certificate.unknown' })
    for (const name of ['subject.get', 'subject.picture']) {
      await station.run(name, { id: 'R-none' }, actor)
      const record = await newest()
      expect(record).toMatchObject({ event: name, outcome: 'refused', code: 'subject.unknown' })
      expect(JSON.stringify(record)).not.toContain('R-none')
    }
    // No process can be started here, which is no refusal that a person could do anything about.
    await station.run('subject.erase', { id: 'R-none' }, actor)
    expect(await newest()).toMatchObject({ event: 'subject.erase', outcome: expect.stringMatching(/^(refused|failed)$/) })
  })

  it('records nothing of what is not to be recorded', async () => {
    const { station, newest } = await openedStation()
    const before = await newest()
    for (const [name] of silent) await station.run(name, null, { role: 'operator', door: 'ipc' })
    // Only the reading of the record before stands after it.
    expect((await newest()).no).toBe(before.no + 1)
  })
})
