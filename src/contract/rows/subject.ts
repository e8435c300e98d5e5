import { z } from 'zod'
import { FormValues, FormVersion, SubjectForm } from '../form.ts'
import { DecisionReason, DraftId, ExceptionReason } from '../intake.ts'
import { LabelChange, SubjectFilter, SubjectLabel } from '../label.ts'
import { Named } from '../named.ts'
import { CaptureQuality, Exemption, ExemptionReason, PresetId } from '../quality.ts'
import { Restriction } from '../restriction.ts'
import { everybody, exitOfDecision, looking, quick, row, slow, staffAndClients } from '../row.ts'
import { Bytes, CaptureId, CaptureSource, Decision, limits, Pad, Rate, ReferenceNo, Sequence, SubjectId } from '../types.ts'
import { Certificate } from './audit.ts'
import { Consent } from './consent.ts'
import { Language } from './desk.ts'

const Fmr = Rate.default(1e-3).describe('wanted false match rate, per comparison')
const Fpir = Rate.optional().describe('wanted false positive rate of a whole search; sets fmr to it over the gallery size')
const Name = z.string().trim().min(1).max(limits.nameCharactersMax)

/** A subject found by a search; one for each subject, with its best reference. */
export const Candidate = z.object({
  id: SubjectId,
  comparisonScore: z.number(),
  /** The calibrated false match rate at this score, never below the smallest that the calibration supports. */
  fmr: z.number(),
})
export type Candidate = z.infer<typeof Candidate>

/** What a search of the gallery did. */
export const SearchExplanation = z.object({
  /** packed reads 4 bits of every number and finishes the rows that the proven bound leaves; flat reads 8 bits of every row. */
  stage: z.enum(['packed', 'flat']),
  /** Why: it was asked for, earlier searches let expect it, or this one met it. */
  reason: z.enum(['asked', 'expected', 'measured']),
  /** The build of the inner loops. */
  kernel: z.enum(['relaxed', 'simd', 'scalar']),
  /** Threads that read; 0 is the process's own, for small galleries. */
  threads: z.number().int(),
  /** Probes that shared the pass over the gallery. */
  probes: z.number().int(),
  rowsRead: z.number().int(),
  /** Rows that the stage left to be finished. */
  survivors: z.number().int(),
  /** As many as earlier searches let expect; null where nothing like it was searched before. */
  survivorsExpected: z.number().int().nullable(),
  /** References whose proven bound reaches the threshold; the exact score decides on them. */
  candidates: z.number().int(),
  /** Bytes of the gallery that were read. */
  bytes: z.number().int(),
  ms: z.number(),
})
export type SearchExplanation = z.infer<typeof SearchExplanation>

export const SubjectSummary = z.object({
  id: SubjectId,
  name: z.string().nullable(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  references: z.number().int(),
  /** Since when processing is restricted; left out where it is not. */
  restrictedSince: z.string().optional(),
})
export type SubjectSummary = z.infer<typeof SubjectSummary>

/** One page of a list: at most so many, after those of the page before. */
export const Page = z.object({
  limit: z.number().int().min(1).max(limits.subjectsPerPageMax).describe('most subjects in the answer'),
  cursor: Sequence.optional().describe('where the page begins: the cursor of the page before'),
})

/** A cursor stands where there may be more, also behind a page that has fewer than were asked for. */
export const SubjectPage = z.object({ subjects: z.array(SubjectSummary), cursor: Sequence.optional() })

export const ReferenceSummary = z.object({
  referenceNo: ReferenceNo,
  version: z.number().int(),
  /** False for versions that a later one has superseded. */
  active: z.boolean(),
  model: z.string(),
  captureSource: CaptureSource,
  pad: Pad,
  createdAt: z.string(),
  quality: CaptureQuality.nullable(),
  /** Why it was not held to the whole preset. */
  exemption: Exemption.optional(),
})

/** Why a subject has no reference. */
const SubjectException = z.object({
  reason: ExceptionReason,
  note: z.string(),
  hasProof: z.boolean(),
  /** Random ids of accounts; null while there were none. */
  proposedBy: z.string().nullable(),
  confirmedBy: z.string().nullable(),
  proposedAt: z.string(),
  confirmedAt: z.string(),
})

/** How a supervisor decided on the enrolment. */
const SubjectDecision = z.object({
  decision: z.enum(['different', 'same', 'confirm']),
  reason: DecisionReason,
  note: z.string(),
  by: z.string().nullable(),
  at: z.string(),
})

/** A subject with the versions of its references; no template. */
const SubjectDetails = SubjectSummary.extend({
  ...SubjectLabel.shape,
  consents: z.array(Consent),
  history: z.array(ReferenceSummary),
  /** Of what was filled in: the fields that the role may see. */
  form: SubjectForm.nullish(),
  /** For staff. */
  exception: SubjectException.nullish(),
  decision: SubjectDecision.nullish(),
  /** The restriction that is in force; its reason is for staff. */
  restriction: Restriction.nullish(),
  /** Changes with the name and with what was filled in; for a correction. */
  revision: z.string().nullish(),
  /** Names of the accounts that those tell of, for staff. */
  named: z.array(Named).optional(),
})

/** What a subject is given of what is stored: pictures are JPEG as base64. */
export const SubjectExport = z.object({
  format: z.literal('vultus.subject-export/1'),
  exportedAt: z.string(),
  id: SubjectId,
  name: z.string().nullable(),
  createdAt: z.string(),
  ...SubjectLabel.shape,
  /** With the text that was agreed to. */
  consents: z.array(Consent.extend({ text: z.string().nullable() })),
  references: z.array(ReferenceSummary.extend({ picture: z.string().nullable() })),
  form: SubjectForm.nullable(),
  exception: SubjectException.nullable(),
  decision: SubjectDecision.nullable(),
  /** Oldest first. */
  restrictions: z.array(Restriction),
})
export type SubjectExport = z.infer<typeof SubjectExport>

export const subjectRows = {
  'subject.enrol': row({
    input: z.object({
      id: SubjectId.describe('number of the subject'),
      name: Name.optional().describe('name of the subject'),
      form: FormValues.optional().describe('file with what was filled in (JSON: field and value)'),
      /** The version of the form that was shown; refused where another one holds by now. */
      formVersion: FormVersion.optional(),
      /** The draft that this completes; captures that are not held any more come from it. */
      draft: DraftId.optional(),
      captureIds: z.array(CaptureId).min(1).max(limits.picturesPerEnrolmentMax),
      preset: z
        .enum(['none', ...PresetId.options])
        .default('none')
        .describe('quality preset that the pictures have to meet'),
      ...LabelChange.shape,
      exemption: ExemptionReason.optional().describe('why the pictures are not held to the whole preset'),
      exemptionNote: z.string().trim().min(3).max(200).optional().describe('the reason in words; needed for "other"'),
      consentVersion: z.number().int().positive().optional().describe('version of the text that the subject agreed to'),
      consentLanguage: Language.optional().describe('language that the text was shown in'),
      newSubject: z.boolean().default(false).describe('refuse a number that is enrolled already'),
      allowDuplicate: z.boolean().default(false).describe('enrol although somebody in the gallery looks alike'),
      fmr: Fmr,
      fpir: Fpir,
    }),
    output: z.object({ id: SubjectId, references: z.array(ReferenceNo), sequence: Sequence }),
    roles: staffAndClients,
    audit: 'effect',
    vault: 'open',
    limits: looking,
    rest: { method: 'POST', path: '/api/enrol' },
    command: {
      name: 'enrol',
      summary: 'enrol a subject from pictures, all or none; an id that exists gets new versions',
      example: 'vultus enrol --id R-1001 --name "Ada Example" portrait.jpg',
      pictures: { field: 'captureIds', as: 'captureIds', min: 1, max: limits.picturesPerEnrolmentMax },
      options: [
        'id',
        'name',
        'form',
        'category',
        'watchLists',
        'purposes',
        'preset',
        'exemption',
        'exemptionNote',
        'consentVersion',
        'consentLanguage',
        'allowDuplicate',
        'fmr',
        'fpir',
      ],
      excludes: { fpir: 'fmr' },
      files: { form: 'json' },
    },
  }),
  'subject.verify': row({
    input: z.object({ id: SubjectId.describe('number of the claimed subject'), captureId: CaptureId, fmr: Fmr }),
    output: z.object({ decision: Decision, comparisonScore: z.number(), threshold: z.number(), fmr: z.number() }),
    roles: staffAndClients,
    audit: 'effect',
    vault: 'open',
    limits: looking,
    rest: { method: 'POST', path: '/api/verify' },
    command: {
      name: 'verify',
      summary: 'compare a picture with the references of one subject',
      example: 'vultus verify --id R-1001 probe.jpg',
      pictures: { field: 'captureId', as: 'captureIds', min: 1, max: 1 },
      options: ['id', 'fmr'],
      exitOf: exitOfDecision,
    },
  }),
  'gallery.identify': row({
    input: z.object({
      captureId: CaptureId,
      fmr: Fmr,
      fpir: Fpir,
      ...SubjectFilter.shape,
      limit: z.number().int().min(1).max(1000).default(100).describe('most candidates in the answer'),
      explain: z.boolean().default(false).describe('say how the gallery was searched'),
    }),
    output: z.object({
      decision: Decision,
      candidates: z.array(Candidate),
      gallerySize: z.number().int(),
      elapsedMs: z.number(),
      threshold: z.number(),
      fmr: z.number(),
      explanation: SearchExplanation.optional(),
    }),
    roles: staffAndClients,
    audit: 'effect',
    vault: 'open',
    limits: looking,
    rest: { method: 'POST', path: '/api/identify' },
    command: {
      name: 'identify',
      summary: 'search the whole gallery for the face of a picture',
      example: 'vultus identify probe.jpg --fpir 0.01',
      pictures: { field: 'captureId', as: 'captureIds', min: 1, max: 1 },
      options: ['fmr', 'fpir', 'category', 'watchList', 'purpose', 'limit', 'explain'],
      excludes: { fpir: 'fmr' },
      exitOf: exitOfDecision,
    },
  }),
  'gallery.status': row({
    input: z.object({}),
    output: z.object({ model: z.string().nullable(), references: z.number().int(), sequence: Sequence, ready: z.boolean() }),
    roles: staffAndClients,
    audit: 'none',
    vault: 'open',
    limits: quick,
    command: { name: 'gallery', summary: 'show the gallery that is searched', example: 'vultus gallery --json', options: [] },
  }),
  'subject.list': row({
    input: Page.partial({ limit: true }),
    output: SubjectPage,
    roles: everybody,
    audit: 'read',
    vault: 'open',
    limits: slow,
    command: { name: 'subjects', summary: 'list the subjects of the vault', example: 'vultus subjects --json', options: [] },
  }),
  'subject.get': row({
    input: z.object({ id: SubjectId.describe('number of the subject') }),
    output: SubjectDetails,
    roles: ['operator', 'supervisor', 'auditor', 'administrator', 'client'],
    audit: 'read',
    vault: 'open',
    limits: quick,
    // What staff decided is for staff; programs cannot even ask for pictures.
    rest: {
      method: 'GET',
      path: '/api/subjects/:id',
      answer: SubjectDetails.omit({ exception: true, decision: true, named: true, revision: true }),
    },
    command: {
      name: 'show',
      summary: 'show a subject and the versions of its references',
      example: 'vultus show --id R-1001',
      options: ['id'],
    },
  }),
  'subject.picture': row({
    input: z.object({ id: SubjectId }),
    output: z.object({ sample: Bytes.nullable() }),
    roles: ['operator', 'supervisor', 'auditor', 'administrator'],
    audit: 'read',
    vault: 'open',
    limits: quick,
  }),
  'subject.label': row({
    input: z
      .object({ id: SubjectId.describe('number of the subject'), ...LabelChange.shape })
      .refine(
        ({ category, watchLists, purposes }) => (category ?? watchLists ?? purposes) !== undefined,
        'category, watchLists or purposes',
      ),
    output: SubjectLabel.extend({ id: SubjectId }),
    roles: ['supervisor', 'administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'label',
      summary: 'change the category, the watch-lists and the purposes of a subject; what is left out stays as it is',
      example: 'vultus label --id R-1001 --category 2 --watch-lists 1,3 --purposes none',
      options: ['id', 'category', 'watchLists', 'purposes'],
    },
  }),
  'subject.export': row({
    input: z.object({ id: SubjectId.describe('number of the subject') }),
    output: SubjectExport,
    roles: ['supervisor', 'administrator'],
    audit: 'read',
    vault: 'open',
    limits: slow,
    command: {
      name: 'export',
      summary: 'write everything that is stored of a subject, pictures too, for the subject; the file is not encrypted',
      example: 'vultus export --id R-1001 --out anna.json',
      options: ['id'],
      outFile: {
        option: 'out',
        summary: 'write it to this new file',
        contents: (answer: SubjectExport) => `${JSON.stringify(answer, null, 2)}\n`,
      },
    },
  }),
  'subject.erase': row({
    input: z.object({ id: SubjectId.describe('number of the subject') }),
    output: z.object({
      id: SubjectId,
      erased: z.literal(true),
      /** Whether the write-ahead log was emptied already; otherwise that is tried again when the station is idle. */
      logEmptied: z.boolean(),
      certificate: Certificate,
    }),
    roles: ['supervisor', 'administrator'],
    audit: 'effect',
    vault: 'open',
    // The key files of the backups follow before it is answered.
    limits: looking,
    command: {
      name: 'erase',
      summary: 'destroy everything that is stored of a subject',
      example: 'vultus erase --id R-1001 --certificate erased.json',
      options: ['id'],
      outFile: {
        option: 'certificate',
        summary: 'write the certificate of erasure to this new file',
        contents: (answer: { certificate: Certificate }) => `${JSON.stringify(answer.certificate)}\n`,
      },
    },
  }),
}
