import { describe, expect, it } from 'vitest'
import { auditListText, whoText } from '../../../src/contract/auditText.ts'
import { VultusError } from '../../../src/contract/errors.ts'
import type { Named } from '../../../src/contract/named.ts'
import { namesInRecords } from '../../../src/operations/names.ts'
import type { VaultPort } from '../../../src/operations/ports.ts'

const broken = () => {
  throw new VultusError('vault.damaged', 'api_clients.name_index')
}
const names: Readonly<Record<string, string>> = { 'op-1': 'Ada', 'cl-1': 'Gate 4' }
const lookUp = (kind: string) => (id: string) =>
  id === 'broken' ? broken() : id.startsWith(kind) && id in names ? { name: names[id] } : undefined
const vault = { operators: { byId: lookUp('op') }, clients: { byId: lookUp('cl') } } as unknown as VaultPort

const record = (no: number, actor: Record<string, unknown>, details?: Record<string, string | null>) => ({
  no,
  at: '2031-05-06T10:00:00.000Z',
  event: 'subject.verify',
  actor: { role: 'operator', door: 'ipc', ...actor },
  outcome: 'done' as const,
  ...(details === undefined ? {} : { details }),
})

describe('names of a chain that has none', () => {
  const records = [
    record(9, { operator: 'op-1' }),
    record(8, { role: 'client', door: 'rest', operator: 'cl-1' }),
    record(7, { role: 'client', door: 'rest', operator: 'op-1' }),
    record(6, { role: 'client', door: 'rest', operator: '3f2a91c0-1111' }),
    record(5, { role: 'nobody' }, { account: null }),
    record(4, { operator: 'op-1' }, { account: 'op-gone', client: 'cl-1', openedBy: 'op-1', job: 'op-1' }),
    record(3, { operator: 'broken' }),
  ]
  const named = namesInRecords(vault, records)
  it('are looked up once for each id, and whoever is not there or cannot be opened has none', () => {
    expect(named).toEqual([
      { id: 'op-1', kind: 'account', name: 'Ada' },
      { id: 'cl-1', kind: 'program', name: 'Gate 4' },
      { id: '3f2a91c0-1111', kind: 'program', name: null },
      { id: 'op-gone', kind: 'account', name: null },
      { id: 'broken', kind: 'account', name: null },
    ])
  })

  it('stand in what the command line prints, also of those whom nobody knows', () => {
    const lines = auditListText({ records, named, next: 3 }).split('\n')
    expect(lines.slice(1, -1).map((line) => line.split(/ {2,}/)[4])).toEqual([
      'operator Ada',
      'program Gate 4',
      'program at the service of Ada',
      'program unknown 3f2a91c0',
      'nobody',
      'operator Ada',
      'operator unknown account broken',
    ])
    expect(lines[6]).toContain('account unknown account op-gone, client Gate 4, openedBy Ada, job op-1')
    expect(lines.at(-1)).toBe('Older ones: --before 3')
    expect(auditListText({ records: [], named: [], next: null })).toBe('No record on this page is like this.')
  })

  it('do not steer a terminal', () => {
    const evil: Named = { id: 'x', kind: 'account', name: 'A\u001b[2J' }
    expect(whoText([evil], { role: 'operator', operator: 'x' })).toBe('operator A?[2J')
  })
})
