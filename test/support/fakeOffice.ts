/** What the stand-in answers of accounts, jobs, audit and backups. It runs inside the page, so it imports nothing. */

type Fields = Record<string, unknown>
// biome-ignore lint/suspicious/noExplicitAny: inputs of every procedure come in here
export type FakeAnswers = Record<string, (input: any) => unknown>

/** What they change of the stand-in. */
export interface OfficeState {
  readonly policy: { pinAllowed: boolean; idleLockMs: number }
  readonly accounts: Fields[]
  readonly jobs: Fields[]
  readonly reports: Fields[]
  readonly records?: readonly Fields[]
  readonly named?: readonly unknown[]
  readonly auditReport?: Fields
  readonly kept: { samplesKept: boolean; supersededDays: number | null }
  readonly schedule: { folder: string | null; intervalHours: number; generationsKept: number }
  backups: Fields[]
}

/** @param createdAt the moment that everything is of */
export function officeAnswers(state: OfficeState, createdAt: string): FakeAnswers {
  const jobOf = (id: string) => state.jobs.find((job) => job.id === id) ?? {}
  const begin = (kind: string) => {
    const id = `6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5${state.jobs.length}`
    const job = { id, kind, state: 'running', done: 0, total: 0, owner: 'administrator', error: null, createdAt, changedAt: createdAt }
    state.jobs.unshift(job)
    return { job }
  }
  return {
    'operator.list': () => ({ operators: state.accounts }),
    'operator.policy': ({ pin, idleLockMs }) => {
      if (pin !== undefined) state.policy.pinAllowed = pin === 'allowed'
      if (idleLockMs !== undefined) state.policy.idleLockMs = idleLockMs
      return { ...state.policy }
    },
    'operator.add': ({ name, role, secretKind = 'password' }) => {
      const operator = `op-${state.accounts.length + 1}`
      const account = { operator, name, role, secretKind, enabled: true, createdAt, changedAt: createdAt, disabledAt: null }
      state.accounts.push(account)
      return account
    },
    'operator.change': ({ name, newName = name, enable, role, secretKind }) => {
      const account = state.accounts.find((one) => one.name === name) ?? {}
      Object.assign(
        account,
        { name: newName },
        role && { role },
        secretKind && { secretKind },
        enable && { enabled: true, disabledAt: null },
      )
      return account
    },
    'operator.disable': ({ name }) =>
      Object.assign(state.accounts.find((one) => one.name === name) ?? {}, { enabled: false, disabledAt: createdAt }),
    'job.list': () => ({ jobs: state.jobs }),
    'job.pause': ({ id }) => ({ job: Object.assign(jobOf(id), { state: 'paused' }) }),
    'job.resume': ({ id }) => ({ job: Object.assign(jobOf(id), { state: 'running' }) }),
    'job.cancel': ({ id }) => ({ job: Object.assign(jobOf(id), { state: 'cancelled' }) }),
    'vault.rotate': ({ deep = false }) => begin(deep ? 'rotateDeep' : 'rotate'),
    'vault.rekey': () => begin('rekey'),
    'vault.reports': () => ({ reports: state.reports }),
    'vault.maintain': ({ thorough = false }) => {
      const report = { startedAt: createdAt, finishedAt: createdAt, thorough, ok: true, checks: [] }
      state.reports.unshift(report)
      return report
    },
    'audit.list': ({ before = Number.POSITIVE_INFINITY, limit, event, outcome }) => {
      const like = (state.records ?? []).filter(
        (record) =>
          Number(record.no) < before &&
          (event === undefined || record.event === event) &&
          (outcome === undefined || record.outcome === outcome),
      )
      const records = like.slice(0, limit)
      return { records, named: state.named ?? [], next: like.length > limit ? records.at(-1)?.no : null }
    },
    'audit.verify': () => state.auditReport,
    'audit.export': ({ after }) =>
      after === 0 ? { lines: ['{"type":"header"}'], next: { after: 1, upTo: 2 } } : { lines: ['{"type":"record"}'], next: null },
    'certificate.get': ({ record }) => ({ body: `{"record":${record}}`, signature: 'AAAA', publicKey: 'AAAA' }),
    'retention.preview': () => ({ supersededDays: state.kept.supersededDays, due: 2 }),
    'retention.sweep': () => ({ removed: 2 }),
    'vault.settings': (change) => Object.assign(state.kept, change),
    'backup.list': () => ({ folders: state.backups, schedule: state.schedule }),
    'backup.schedule': ({ to = null, intervalHours, generationsKept }) =>
      Object.assign(state.schedule, { folder: to, intervalHours, generationsKept }),
    'backup.forget': ({ folder }) => {
      state.backups = state.backups.filter((report) => report.folder !== folder)
      return { folder }
    },
    'vault.refreshKeyFile': () => ({ keyFiles: state.backups.map(({ folder }) => ({ folder, refreshedAt: createdAt, problem: null })) }),
    'vault.backUp': ({ to }) => {
      const generation = { number: 1, createdAt, bytes: 1_200_000 }
      const keyFile = { refreshedAt: createdAt, pending: false }
      state.backups.push({ folder: to, keyFile, generations: [{ ...generation, subjects: 2, verifiedAt: createdAt }] })
      return { folder: to, generation, verified: {}, kept: [1] }
    },
  }
}
