/** What vault, accounts and audit show over the stand-in for the station. */
import type { FakePlan } from '../support/fakePlan.ts'

const at = '2026-06-09T09:30:00.000Z'
export const account = (no: number, name: string, role: string, enabled = true) => ({
  operator: `op-${no}`,
  name,
  role,
  secretKind: 'password',
  enabled,
  createdAt: at,
  changedAt: at,
  disabledAt: enabled ? null : at,
})
export const job = {
  id: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f',
  kind: 'rotate',
  state: 'running',
  done: 12_000,
  total: 48_210,
  owner: 'administrator',
  error: null,
  createdAt: at,
  changedAt: at,
}
const check = (name: string, lookedAt: number, problems: string[] = []) => ({ name, lookedAt, problems })
export const report = {
  startedAt: at,
  finishedAt: at,
  thorough: false,
  ok: false,
  checks: [
    check('database', 44_156),
    check('consistency', 10),
    check('seals', 40_000, ['subject_references 4711']),
    check('index', 20_000),
    check('audit', 100_000),
    check('segments', 24),
    check('space', 0),
  ],
}
/** What a day at a desk leaves behind, newest first. */
const dayOf = ['subject.verify', 'subject.get', 'gallery.identify', 'subject.erase', 'subject.picture', 'subject.enrol', 'operator.signIn']
export const records = Array.from({ length: 70 }, (_, index) => ({
  no: 70 - index,
  at: new Date(Date.parse(at) - index * 97_000).toISOString(),
  event: dayOf[index % 7],
  actor: { role: index % 7 === 3 ? 'supervisor' : 'operator', door: 'ipc', operator: '0f0c6a1e-1111-4222-8333-123456789abc' },
  outcome: index % 5 === 4 ? 'refused' : 'done',
  ...(index % 5 === 4 ? { code: 'permission.denied' } : {}),
  subject: '3f5d6be9-e940-471f-b430-236ba9892b4b',
  details: { sequence: 82 - index, references: 3 },
}))
export const auditReport = {
  ok: true,
  records: 70,
  firstBad: null,
  checkpoints: 2,
  badCheckpoint: null,
  anchors: [{ place: 'keychain', state: 'agrees', records: 60, time: at }],
  unanchored: 10,
  stationKey: { publicKey: 'AAAA', fingerprint: 'ab'.repeat(32) },
}
export const officePlan: Partial<FakePlan> = {
  role: 'administrator',
  accounts: [
    account(1, 'Ada Example', 'administrator'),
    account(2, 'Bo Sample', 'operator'),
    account(3, 'A name that is as long as names may be at this station, 64 char', 'supervisor', false),
  ],
  jobs: [job, { ...job, id: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e50', kind: 'rekey', state: 'failed', error: 'vault.diskFull' }],
  reports: [report],
  records,
  named: [{ id: '0f0c6a1e-1111-4222-8333-123456789abc', kind: 'account', name: 'Bo Sample' }],
  auditReport,
}
