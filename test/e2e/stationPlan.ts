/** What bulk import, model packs and programs show over the stand-in for the station. */
const at = '2026-06-09T09:30:00.000Z'
export const importJob = {
  id: '7f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f',
  kind: 'import',
  state: 'done',
  done: 240,
  total: 240,
  owner: 'supervisor',
  error: null,
  createdAt: at,
  changedAt: at,
}
const row = (no: number, change: Record<string, unknown>) => ({
  row: no,
  line: no + 1,
  number: `R-${52_000 + no}`,
  name: 'Ada Example',
  picture: `${no}.jpg`,
  outcome: 'refused',
  code: 'face.none',
  detail: null,
  message: 'No face was found in the picture.',
  remedy: 'Use another one.',
  candidates: [],
  ...change,
})
export const importReport = {
  job: importJob,
  source: '/media/stick/people.csv',
  kind: 'list',
  readable: true,
  unreadColumns: ['Remarks'],
  counts: { enrolled: 229, added: 0, skipped: 2, suspected: 1, dismissed: 0, refused: 8 },
  reasons: { 'face.none': 5, 'consent.required': 2, 'form.refused': 1 },
  rows: [
    row(12, {}),
    row(40, { outcome: 'suspected', code: 'import.suspected', candidates: [{ id: 'R-31877', comparisonScore: 0.96, fmr: 8e-5 }] }),
    row(77, { code: 'consent.required', detail: 'consent: there is no day', name: null }),
    row(78, { code: 'form.refused', detail: 'ward: choice' }),
    row(91, { outcome: 'skipped', code: null, message: null, remedy: null }),
  ],
}
const label = (en: string, de: string, fr: string, ar: string) => ({ en, de, fr, ar })
export const formPolicy = {
  version: 3,
  setAt: at,
  exceptions: { confirmedBy: 'supervisor', proof: 'optional' },
  policy: {
    format: 'vultus.form/1',
    fields: [
      { id: 'number', type: 'text', label: label('Number', 'Nummer', 'Numéro', 'الرقم'), required: true, visibleTo: [] },
      { id: 'name', type: 'text', label: label('Name', 'Name', 'Nom', 'الاسم'), required: false, visibleTo: [] },
      {
        id: 'birthday',
        type: 'date',
        label: label('Birthday', 'Geburtstag', 'Date de naissance', 'تاريخ الميلاد'),
        required: true,
        visibleTo: [],
      },
    ],
  },
}
export const looked = {
  kind: 'list',
  rows: 240,
  columns: ['Nr', 'Name', 'Bild', 'Geburtstag', 'Remarks'],
  taken: { number: 'Nr', name: 'Name', picture: 'Bild', consent: null },
  fields: { birthday: 'Geburtstag' },
}
const entry = (name: string, kind: string) => ({ name, path: `/media/stick/${name}`, kind })
export const places = {
  folder: '/media/stick',
  parent: '/media',
  entries: [entry('pictures', 'folder'), entry('people.csv', 'list'), entry('standard.zip', 'pack')],
  others: 3,
  more: false,
}
const permissions = ['verify', 'identify']
export const apiClients = [
  { client: 'client-1', name: 'Gate 4', permissions, createdAt: at, lastUsedAt: at, revokedAt: null },
  { client: 'client-2', name: 'Old kiosk', permissions: ['pictures'], createdAt: at, lastUsedAt: null, revokedAt: at },
]
export const apiKey = `vultus_${'Ab3-_xYz'.repeat(6).slice(0, 43)}`
const pack = (id: string, name: string, change: Record<string, unknown>) => ({
  id,
  model: `${id}@1`,
  name,
  version: '1',
  builtIn: false,
  complete: true,
  families: { detector: 'yunet', embedding: 'arcface-112' },
  dimension: 128,
  metric: 'cosine',
  licences: ['Apache-2.0'],
  calibration: null,
  ...change,
})
export const packs = [
  pack('starter', 'Starter', { builtIn: true, calibration: { impostorPairs: 100_000, fmrMin: 1e-5 } }),
  pack('standard', 'Standard', {}),
]
export const checkedPack = {
  pack: packs[1],
  manifestSha256: 'ab'.repeat(32),
  signature: { state: 'none', key: null },
  files: [{ file: 'mobilefacenet.onnx', opset: 11, operators: ['Conv'], parameters: 1_200_000 }],
  selfTest: { mateScore: 0.91, impostorScore: 0.12, pictureMs: 21, padScore: null },
  memoryBytesPeak: 310_000_000,
}
const results = (id: string, shift: number) => ({
  pack: id,
  model: `${id}@1`,
  usable: 30,
  refused: [],
  latencyMs: { median: 21, p95: 30 },
  mates: { pairs: 64, min: 0.47, mean: 0.7, max: 0.95, histogram: [0, 0, 1, 4, 20, 30, 9], from: -0.4, to: 1 },
  impostors: { pairs: 371, min: -0.2, mean: 0.02, max: 0.25, histogram: [40, 210, 100, 20, 1, 0, 0], from: -0.4, to: 1 },
  eer: 0.01 * shift,
  det: [1, 0.3, 0.1, 0.03, 0.01, 0].map((fmr, at) => ({ threshold: at / 6, fmr, fnmr: [0, 0, 0.01, 0.02, 0.05, 0.2][at]! * shift })),
  fnmr: [
    { fmr: 0.01, threshold: 0.4, fnmr: 0.05 * shift, supported: true },
    { fmr: 0.0001, threshold: null, fnmr: null, supported: false },
  ],
})
export const comparison = {
  pictures: 30,
  common: 30,
  source: 'samples',
  fmr: 0.01,
  first: results('starter', 2),
  second: results('standard', 1),
  disagreements: { mates: 1, impostors: 0, listed: [{ a: 'reference 3', b: 'reference 9', same: true, first: 0.31, second: 0.66 }] },
}
export const stationAnswers: Readonly<Record<string, unknown>> = {
  'model.list': { active: 'starter@1', packs },
  'model.verify': checkedPack,
  'model.import': checkedPack,
  'model.compare': comparison,
  'model.activate': { active: 'standard', model: 'standard@1', missing: 0 },
  'model.reembed': { job: { ...importJob, kind: 'reembed', state: 'running', done: 0 } },
  'model.remove': { id: 'standard', removedReferences: 12 },
  'client.list': { clients: apiClients },
  'client.add': { ...apiClients[0], name: 'Gate 5', lastUsedAt: null, key: apiKey },
  'client.revoke': { ...apiClients[0], revokedAt: at },
  'import.report': importReport,
  'import.look': looked,
  'import.start': { job: { ...importJob, state: 'running', done: 0 }, unreadColumns: ['Remarks'] },
  'import.resume': { job: { ...importJob, state: 'running' } },
  'import.export': { lines: ['row,number', '12,R-52012'], next: null },
  'import.decide': { row: 40, outcome: 'added', id: 'R-31877', references: [4] },
  'place.list': places,
}
