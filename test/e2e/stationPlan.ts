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
export const stationAnswers: Readonly<Record<string, unknown>> = {
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
