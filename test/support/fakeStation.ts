/** A runner that answers from a table and checks inputs as the station does. */
import { checked } from '../../src/contract/check.ts'
import { failedOf, type Outcome, outcomeOf, VultusError } from '../../src/contract/errors.ts'
import { builtInForm } from '../../src/contract/form.ts'
import type { Actor } from '../../src/contract/records.ts'
import type { Row } from '../../src/contract/row.ts'
import { deskFallback } from '../../src/contract/rows/desk.ts'
import { isProcedureName, procedures } from '../../src/contract/table.ts'
import type { Station } from '../../src/station/api.ts'
import { apiClient, checkedPack, comparison, draft, ended, importReport, inboxItem, job } from './exampleAnswers.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of a test stand in for any procedure
export type Answers = Readonly<Record<string, (input: any, actor: Actor) => unknown>>

export interface Call {
  readonly name: string
  readonly input: unknown
  readonly actor: Actor
}

const zero = { decodeMs: 1, detectMs: 2, landmarksMs: 3, alignMs: 4, embedMs: 5, totalMs: 15 }
const face = {
  bbox: { x: 1.5, y: 2, width: 30, height: 40 },
  landmarks: { left_eye: [10, 12], right_eye: [20, 12], nose: [15, 20], left_mouth: [11, 30], right_mouth: [19, 30] },
  confidence: 0.9,
}
let captures = 0
const emptyScores = { pairs: 0, min: null, mean: null, max: null, histogram: [0], from: 0, to: 1 }
const emptyRate = { count: 0, of: 0, rate: null, low: 0, high: 1 }
/** Answers in the formats of the table. */
export const usualAnswers: Answers = {
  'vault.status': () => ({
    state: 'open',
    kind: 'real',
    key: 'passphrase',
    keychainAvailable: false,
    recovery: 'confirmed',
    problem: null,
  }),
  'vault.init': ({ key, kind }) => ({ key, kind }),
  'vault.rotate': () => ({ job: ended }),
  'vault.rekey': () => ({ job: { ...ended, kind: 'rekey' } }),
  'gallery.findDuplicates': () => ({ job: { ...ended, kind: 'duplicates' } }),
  'gallery.duplicates': () => ({
    job: { ...ended, kind: 'duplicates' },
    model: 'starter-1',
    threshold: 0.95,
    fmr: 1e-4,
    supported: false,
    comparisons: 45,
    completeFrom: 0.95,
    found: 1,
    pairs: [{ first: 'R-1', second: 'R-2', comparisonScore: 0.97, fmr: 1e-4 }],
  }),
  'import.start': () => ({ job: { ...ended, kind: 'import' }, unreadColumns: ['document'] }),
  'import.look': () => ({
    kind: 'folder',
    rows: 2,
    columns: [],
    taken: { number: null, name: null, picture: null, consent: null },
    fields: {},
  }),
  'client.list': () => ({ clients: [apiClient] }),
  'client.add': ({ name, permissions }) => ({ ...apiClient, name, permissions, key: `vultus_${'k'.repeat(43)}` }),
  'client.revoke': ({ name }) => ({ ...apiClient, name, revokedAt: '2026-01-02T00:00:00.000Z' }),
  'client.current': () => ({ name: null, permissions: ['verify'] }),
  'place.list': () => ({ folder: '/', parent: null, entries: [], others: 0, more: false }),
  'import.resume': () => ({ job: { ...ended, kind: 'import' } }),
  'import.report': () => importReport,
  'import.export': ({ after }) => ({ lines: after === 0 ? ['row,number'] : ['17,R-17'], next: after === 0 ? { after: 17 } : null }),
  'import.decide': ({ row, subject }) => ({ row, outcome: 'added', id: subject ?? 'R-17', references: [3] }),
  'vault.setAlgorithm': ({ algorithm }) => ({ algorithm }),
  'vault.recover': ({ key }) => ({ kind: 'real', key }),
  'recovery.confirm': () => ({ confirmed: true }),
  'recovery.reissue': () => ({ recoveryKey: Array(14).fill('7ZQK').join('-') }),
  'job.list': () => ({ jobs: [ended] }),
  'job.pause': () => ({ job: { ...job, state: 'paused' } }),
  'job.resume': () => ({ job }),
  'job.cancel': () => ({ job: { ...job, state: 'cancelled' } }),
  'vault.unlock': () => ({ kind: 'real' }),
  'capture.fromPicture': () => ({ captureId: `capture-${String(++captures).padStart(12, '0')}`, sample: new Uint8Array([1]) }),
  'capture.drop': () => ({}),
  'operator.current': () => ({
    needed: false,
    state: 'nobody',
    operator: null,
    name: null,
    role: null,
    lockedAt: null,
    idleLockMs: 300_000,
  }),
  'face.detect': () => ({ faces: [face], timings: zero }),
  'camera.settings': ({ captures, virtual }) => ({ captures: captures ?? 'auto', virtual: virtual ?? 'allowed' }),
  'face.quality': ({ preset }) => ({
    assessment: {
      preset,
      verdict: 'warn',
      components: [
        { component: 'yaw', raw: 7.25, score: 98, verdict: 'warn', distance: -0.2, bar: 40, side: 'high' },
        { component: 'headSize', raw: 0.31, score: 11, verdict: 'good', distance: 0.3, bar: 65, side: 'low' },
      ],
    },
    notMeasured: {},
  }),
  'evaluation.run': ({ groups, pad, html }) => ({
    model: 'starter@1.0.0',
    pictures: 3,
    people: 2,
    enrolled: 2,
    refused: [{ file: 'a/1.jpg', reason: 'face.none' }],
    extraction: { ...emptyRate, count: 2, of: 3, rate: 2 / 3 },
    belowQualityLimit: emptyRate,
    qualityPreset: 'enrolment',
    matePairs: 1,
    impostorPairs: 0,
    eer: null,
    fnmr: [{ fmr: 0.1, fnmr: null, threshold: null, low: 0, high: 1, supported: false }],
    exact: true,
    estimated: null,
    atWork: { fmrWanted: 1e-3, threshold: 0.9, supported: true, fmr: emptyRate, fnmr: emptyRate, provenance: 'made up' },
    mates: { ...emptyScores, pairs: 1, min: 0.95, mean: 0.95, max: 0.95 },
    impostors: emptyScores,
    det: [],
    light: [{ light: '1 stop darker', extracted: emptyRate, matched: emptyRate, scoreMean: null, scoreMin: null }],
    demographics: groups === undefined ? 'demographic performance unknown' : 'measured for each group',
    groups: null,
    pad: pad === undefined ? null : { assessed: false, apcer: [], apcerMax: null, bpcer: emptyRate, bpnrr: emptyRate },
    picturesSha256: '0'.repeat(64),
    at: '2026-01-01T00:00:00.000Z',
    ...(html ? { html: '<!doctype html>' } : {}),
  }),
  'calibration.set': () => ({ model: 'starter@1.0.0', calibration: null, rates: [] }),
  'evaluation.progress': () => ({ stage: 'pictures', done: 1, total: 4 }),
  'evaluation.cancel': () => ({ cancelled: true }),
  'face.template': () => ({
    success: true,
    embedding: { embedding: [0.6, 0.8], quality: 0.7, confidence: 0.9 },
    message: null,
    timings: zero,
  }),
  'picture.process': () => ({ image: 'AAAA', metadata: { width: 2, height: 2, format: 'jpeg', channels: 3, bytes: 3 } }),
  'comparison.score': ({ templates }) => {
    const score = { cosine: 1, euclidean: 0 }
    return templates === undefined ? score : { scores: templates.map(() => score) }
  },
  'comparison.decide': () => ({ decision: 'match', comparisonScore: 0.9, threshold: 0.5, fmr: 1e-4 }),
  'subject.enrol': ({ id, captureIds }) => ({ id, references: captureIds.map((_: string, index: number) => index + 1), sequence: 1 }),
  'subject.verify': () => ({ decision: 'nonMatch', comparisonScore: 0.1, threshold: 0.5, fmr: 0.4 }),
  'gallery.identify': () => ({
    decision: 'match',
    candidates: [{ id: 'R-1', comparisonScore: 0.8, fmr: 1e-4 }],
    gallerySize: 6,
    elapsedMs: 1.25,
    threshold: 0.5,
    fmr: 1e-3,
  }),
  'policy.form': () => ({
    version: 0,
    setAt: null,
    policy: builtInForm,
    exceptions: { confirmedBy: 'supervisor', proof: 'optional' },
    numbers: 'site',
  }),
  'policy.setForm': ({ policy }) => ({ version: 1, setAt: '2026-01-01T00:00:00.000Z', policy }),
  'policy.enrolment': () => ({ confirmedBy: 'supervisor', proof: 'optional', draftHours: 72, waitingDays: 30, numbers: 'station' }),
  'subject.proposeNumber': () => ({ number: '7ZQK3-M4XWA' }),
  'draft.save': () => draft,
  'draft.list': () => ({ drafts: [draft] }),
  'draft.open': () => ({
    ...draft,
    content: { step: 'details', id: 'R-1', name: 'Ada', form: {}, note: '' },
    captured: [],
    outdated: 0,
    proof: null,
  }),
  'draft.discard': ({ draft: discarded }) => ({ draft: discarded, discarded: true }),
  'exception.propose': ({ id }) => ({ id, state: 'proposed', item: draft.draft, sequence: null }),
  'exception.proof': () => ({ proof: null }),
  'inbox.leave': () => ({ item: draft.draft, candidates: inboxItem.candidates }),
  'inbox.list': () => ({ items: [inboxItem], waiting: 1 }),
  'inbox.open': () => ({ ...inboxItem, form: {}, formVersion: 0, captured: [], proof: null, outdated: false }),
  'inbox.decide': ({ item, decision, subject }) => ({ item, decision, id: subject ?? null, sequence: subject === undefined ? null : 2 }),
  'subject.list': () => ({ subjects: [{ id: 'R-1', name: 'Ada \u001b[31m', createdAt: '2026-01-01T00:00:00.000Z', references: 1 }] }),
  'subject.search': () => ({ subjects: [], cursor: 7 }),
  'reference.list': () => ({ references: [] }),
  'reference.rollBack': ({ id, toVersion }) => ({ id, version: toVersion, sequence: 2 }),
  'reference.remove': ({ id, superseded }) => ({ id, version: superseded, removed: 1 }),
  'desk.settings': () => deskFallback,
  'desk.change': (input) => ({ ...deskFallback, ...input }),
  'vault.settings': ({ samplesKept = true, supersededDays = null }) => ({ samplesKept, supersededDays }),
  'subject.get': ({ id }) => ({
    id,
    name: 'Ada',
    createdAt: '2026-01-01T00:00:00.000Z',
    references: 1,
    category: 0,
    watchLists: [],
    purposes: [],
    consents: [],
    history: [],
  }),
  'subject.label': ({ id, category = 0, watchLists = [], purposes = [] }) => ({ id, category, watchLists, purposes }),
  'analytics.days': () => ({ days: [], reasons: {}, operators: {}, named: [], complete: true }),
  'consent.text': () => ({ text: null }),
  'consent.change': ({ texts }) => ({ text: { version: 1, createdAt: '2026-01-01T00:00:00.000Z', texts } }),
  'subject.export': ({ id }) => ({
    format: 'vultus.subject-export/1',
    exportedAt: '2026-01-01T00:00:00.000Z',
    id,
    name: 'Ada',
    createdAt: '2026-01-01T00:00:00.000Z',
    category: 0,
    watchLists: [],
    purposes: [],
    form: null,
    exception: null,
    decision: null,
    restrictions: [],
    consents: [],
    references: [],
  }),
  'gallery.status': () => ({ model: 'starter-1', references: 1, sequence: 1, ready: true }),
  'retention.preview': () => ({ supersededDays: 30, due: 2 }),
  'retention.sweep': () => ({ removed: 2 }),
  'vault.maintain': () => ({
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:01.000Z',
    thorough: false,
    ok: true,
    checks: [],
  }),
  'vault.reports': () => ({ reports: [] }),
  'subject.restrict': ({ id }) => ({ id, since: '2026-01-01T00:00:00.000Z', sequence: 2 }),
  'subject.liftRestriction': ({ id }) => ({ id, sequence: 3 }),
  'subject.correct': ({ id }) => ({ id, fields: ['name'], revision: 'AAAA' }),
  'subject.erase': ({ id }) => ({
    id,
    erased: true,
    logEmptied: true,
    certificate: { body: '{}', signature: 'AAAA', publicKey: 'AAAA', salt: 'AAAA' },
  }),
  'audit.list': () => ({ records: [], next: null, named: [] }),
  'audit.verify': () => ({
    ok: true,
    records: 3,
    firstBad: null,
    checkpoints: 1,
    badCheckpoint: null,
    anchors: [],
    unanchored: 3,
    stationKey: { publicKey: 'AAAA', fingerprint: '0'.repeat(64) },
  }),
  'vault.restore': () => ({
    vaultId: '00000000-0000-4000-8000-000000000000',
    kind: 'real',
    key: 'passphrase',
    generation: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    verified: { subjects: 1, references: 1, sampled: 1, auditRecords: 2, auditOk: true, erased: 0, witnessLeft: false },
  }),
  'backup.progress': () => ({ stage: 'idle', done: 0, total: 0 }),
  'backup.list': () => ({ folders: [], schedule: { folder: null, intervalHours: 24, generationsKept: 7 } }),
  'backup.schedule': ({ to, ...rest }) => ({ folder: to ?? null, ...rest }),
  'backup.forget': ({ folder }) => ({ folder }),
  'vault.refreshKeyFile': () => ({ keyFiles: [] }),
  'model.list': () => ({ active: 'starter-1', packs: [] }),
  'model.import': () => checkedPack,
  'model.verify': () => checkedPack,
  'model.trust': () => ({ keys: [] }),
  'model.activate': ({ id }) => ({ active: id, model: `${id}@1.0.0`, missing: 0 }),
  'model.compare': ({ first, second }) => comparison(first, second),
  'model.reembed': () => ({ job: { ...ended, kind: 'reembed' } }),
  'model.remove': ({ id }) => ({ id, removedReferences: 0 }),
  'health.get': () => ({
    status: 'ok',
    service: 'vultus',
    version: '1.2.3',
    timestamp: '2026-01-01T00:00:00.000Z',
    model_status: { loaded: true, model_name: 'starter-1', input_shape: [1, 3, 112, 112] },
  }),
  'station.figures': () => ({
    memoryBytes: 310_000_000,
    waitingPictures: 2,
    search: { stage: 'packed', reason: 'expected', kernel: 'relaxed', threads: 2, rowsRead: 48_210, survivors: 31, ms: 4.2 },
  }),
  'status.get': () => ({
    service: 'vultus',
    version: '1.2.3',
    uptime_s: 1,
    vault: { state: 'open', kind: 'real' },
    gallery: { references: 1, sequence: 1, ready: true },
    model: { id: 'starter-1', dimension: 512, metric: 'cosine' },
    processes: [],
    inference: { provider: 'cpu', tried: [], processes: 0, processesMax: 1, threads: 1 },
  }),
  'template.store': ({ id, metadata }) => ({ id, metadata, created_at: '2026-01-01T00:00:00.000Z' }),
  'template.retrieve': ({ id }) => ({ id, data: [0.6, 0.8], metadata: {}, created_at: '2026-01-01T00:00:00.000Z' }),
  'template.findMatches': () => ({ matches: [{ id: 'T-1', score: 0.9, distance: 0.447 }], threshold: 0.5, fmr: null }),
}

/** A station whose answers are given; what was asked is kept in `calls`. */
export function fakeStation(answers: Answers = {}): Station & { calls: Call[]; closed: number } {
  const all: Answers = { ...usualAnswers, ...answers }
  const calls: Call[] = []
  const run = async (name: string, input: unknown, actor: Actor): Promise<Outcome<unknown>> => {
    if (!isProcedureName(name)) return failedOf(new VultusError('request.unknown'))
    const row: Row = procedures[name]
    if (actor.role === 'nobody' || !row.roles.includes(actor.role)) return failedOf(new VultusError('permission.denied'))
    return outcomeOf(async () => {
      const parsed = checked(row.input, input)
      calls.push({ name, input: parsed, actor })
      const answer = all[name]
      if (answer === undefined) throw new Error(`no answer for ${name}`)
      return await answer(parsed, actor)
    })
  }
  const station = {
    calls,
    closed: 0,
    run,
    onEvent: () => () => undefined,
    pushFrame: () => undefined,
    onLive: () => () => undefined,
    connectLive: () => undefined,
    warm: async () => undefined,
    close: async () => {
      station.closed++
    },
  }
  return station
}
