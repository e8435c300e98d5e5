/** What the answers of a fake station are made of, in the formats of the table. */

export const job = {
  id: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f',
  kind: 'rotate',
  state: 'running',
  done: 0,
  total: 10,
  owner: 'administrator',
  error: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  changedAt: '2026-01-01T00:00:00.000Z',
}
export const ended = { ...job, state: 'done', done: 10 }

export const checkedPack = {
  pack: {
    id: 'made-up',
    model: 'made-up@1.0.0',
    name: 'Made up',
    version: '1.0.0',
    builtIn: false,
    complete: true,
    families: { embedding: 'arcface-112' },
    dimension: 128,
    metric: 'cosine',
    licences: ['CC0-1.0'],
    calibration: null,
  },
  manifestSha256: '0'.repeat(64),
  signature: { state: 'none', key: null },
  files: [],
  selfTest: { mateScore: 0.9, impostorScore: 0.1, pictureMs: 20, padScore: null },
  memoryBytesPeak: 1,
}
const noScores = { pairs: 0, min: null, mean: null, max: null, histogram: [], from: -1, to: 1 }
const results = (pack: string) => ({
  pack,
  model: `${pack}@1.0.0`,
  usable: 2,
  refused: [],
  latencyMs: { median: 20, p95: 30 },
  mates: noScores,
  impostors: noScores,
  eer: null,
  det: [],
  fnmr: [{ fmr: 0.01, threshold: null, fnmr: null, supported: false }],
})
export const comparison = (first: string, second: string) => ({
  pictures: 2,
  common: 2,
  source: 'folder',
  fmr: 0.01,
  first: results(first),
  second: results(second),
  disagreements: { mates: 0, impostors: 0, listed: [] },
})

export const importReport = {
  job: { ...ended, kind: 'import' },
  source: '/people.csv',
  kind: 'list',
  readable: true,
  unreadColumns: ['document'],
  counts: { enrolled: 8, added: 0, skipped: 0, suspected: 1, dismissed: 0, refused: 1 },
  rows: [
    {
      row: 17,
      line: 18,
      number: 'R-17',
      name: 'Ada \u001b[31m',
      picture: 'a\u001b.jpg',
      outcome: 'refused',
      code: 'face.none',
      detail: null,
      message: 'No face was found in the picture.',
      remedy: 'Use another one.',
      candidates: [],
    },
  ],
}

export const apiClient = {
  client: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f',
  name: 'Gate 4',
  permissions: ['verify'],
  createdAt: '2026-01-01T00:00:00.000Z',
  lastUsedAt: null,
  revokedAt: null,
}
export const draft = {
  draft: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f',
  step: 'details',
  id: 'R-1',
  name: 'Ada',
  captures: 0,
  operator: null,
  own: true,
  createdAt: '2026-01-01T00:00:00.000Z',
  changedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-04T00:00:00.000Z',
}
const { draft: _draft, step: _step, changedAt: _changedAt, ...waiting } = draft
export const inboxItem = {
  ...waiting,
  item: draft.draft,
  kind: 'duplicate',
  note: '',
  reason: null,
  hasProof: false,
  candidates: [{ id: 'R-2', comparisonScore: 0.9, fmr: 1e-4 }],
}
