/** What the tests of the enrolment desk have in common: a form of a site, cases that wait, unfinished enrolments. */
const label = (en: string, de: string, fr: string, ar: string) => ({ en, de, fr, ar })

export const siteForm = {
  version: 3,
  policy: {
    format: 'vultus.form/1',
    fields: [
      {
        id: 'number',
        type: 'text',
        label: label('Case number', 'Fallnummer', 'Numéro de dossier', 'رقم الملف'),
        required: true,
        pattern: 'R-[0-9]{1,6}',
      },
      { id: 'name', type: 'text', label: label('Full name', 'Voller Name', 'Nom complet', 'الاسم الكامل'), required: true },
      {
        id: 'born',
        type: 'date',
        label: label('Date of birth', 'Geburtsdatum', 'Date de naissance', 'تاريخ الميلاد'),
        required: true,
        max: 'today',
      },
      {
        id: 'passport',
        type: 'documentNumber',
        label: label('Passport', 'Reisepass', 'Passeport', 'جواز السفر'),
        hint: label('One letter and eight digits', 'Ein Buchstabe und acht Ziffern', 'Une lettre et huit chiffres', 'حرف وثمانية أرقام'),
        pattern: '[A-Z][0-9]{8}',
        visibleTo: ['supervisor'],
      },
      {
        id: 'people',
        type: 'number',
        label: label('People in the household', 'Personen im Haushalt', 'Personnes du foyer', 'عدد أفراد الأسرة'),
        min: 1,
        max: 20,
        integer: true,
      },
      {
        id: 'language',
        type: 'choice',
        label: label('Language spoken', 'Sprache', 'Langue parlée', 'اللغة'),
        choices: [
          { value: 'de', label: label('German', 'Deutsch', 'Allemand', 'الألمانية') },
          { value: 'ar', label: label('Arabic', 'Arabisch', 'Arabe', 'العربية') },
        ],
      },
    ].map((field) => ({ required: false, visibleTo: ['operator', 'supervisor', 'administrator'], ...field })),
  },
}

export const formValues = { born: '1985-12-10', passport: 'C01234567', people: 3, language: 'ar' }

const waiting = {
  operator: 'Olga',
  own: false,
  formVersion: 3,
  note: '',
  reason: null,
  hasProof: false,
  proof: null,
  captures: 1,
  outdated: false,
}
const before = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const held = new Date(Date.now() + 20 * 86_400_000).toISOString()

/** @param captured of the possible duplicate */
export const waitingCases = (captured: readonly unknown[] = []) => [
  {
    ...waiting,
    item: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d0001',
    kind: 'duplicate',
    id: 'R-48211',
    name: 'Bo Sampel',
    note: 'He says that he has a brother who was enrolled two years ago.',
    form: formValues,
    candidates: [{ id: 'R-31877', comparisonScore: 0.96, fmr: 8e-5 }],
    captured,
    createdAt: before(6),
    expiresAt: held,
  },
  {
    ...waiting,
    item: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d0002',
    kind: 'exception',
    id: 'R-48198',
    name: 'Cleo Muster',
    note: 'The bandage stays on for six weeks.',
    reason: 'injury',
    form: formValues,
    candidates: [],
    captured: [],
    createdAt: before(70),
    expiresAt: held,
  },
]

/** An unfinished enrolment as draft.open answers it. */
export const unfinished = (number: number, changes: Record<string, unknown> = {}) => ({
  draft: `6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d1${String(number).padStart(3, '0')}`,
  step: 'capture',
  id: `R-7${number}`,
  name: number === 1 ? 'Dora Beispiel' : '',
  operator: 'Ada Example',
  own: true,
  createdAt: before(200),
  changedAt: before(12 * number),
  expiresAt: held,
  captured: [],
  content: { step: 'capture', id: `R-7${number}`, name: number === 1 ? 'Dora Beispiel' : '', form: {}, formVersion: 0, note: '' },
  ...changes,
})
