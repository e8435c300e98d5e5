/** What the stand-in answers of accounts, jobs, audit, backups and health. It runs inside the page, so it imports nothing. */
import type { FakeAnswers, FakePage } from './fakePage.ts'

export function officeAnswers({ state, createdAt }: FakePage): FakeAnswers {
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
    'analytics.days': ({ days }) => ({
      days: Array.from({ length: days }, (_, index) => ({
        day: new Date(Date.UTC(2026, 5, 9) - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10),
        enrolled: (index * 7) % 13,
        enrolRefused: (index * 3) % 4,
        match: (index * 11) % 29,
        nonMatch: (index * 5) % 3,
        inconclusive: index % 2,
        identified: index % 5,
        erased: index % 7 === 0 ? 1 : 0,
      })),
      reasons: { 'duplicate.found': 4, 'quality.refused': 9 },
      operators: { 'op-1': 101, 'op-2': 88 },
      named: [
        { id: 'op-1', kind: 'account', name: 'Ada Example' },
        { id: 'op-2', kind: 'program', name: 'Gate 4' },
      ],
      complete: true,
    }),
    'model.list': () => ({
      active: 'starter@1',
      packs: [{ id: 'starter', name: 'Starter', version: '1', complete: true, calibration: { impostorPairs: 100000, fmrMin: 1e-5 } }],
    }),
    'station.figures': () => ({
      memoryBytes: 310_000_000,
      waitingPictures: 2,
      search: { stage: 'packed', reason: 'expected', kernel: 'relaxed', threads: 2, rowsRead: 48_210, survivors: 31, ms: 4.2 },
    }),
    'status.get': () => ({
      service: 'vultus',
      version: '0.1.0',
      uptime_s: 8000,
      vault: { state: state.vault, kind: state.kind },
      gallery: { references: state.gallerySize, sequence: 7, ready: true },
      model: { id: 'starter@1', dimension: 128, metric: 'cosine' },
      processes: ['face', 'matcher'].map((name, index) => ({ name, state: 'ready', pid: 100 + index, restarts: index })),
      inference: { provider: 'cpu', tried: [], processes: 0, processesMax: 1, threads: 1 },
    }),
  }
}
