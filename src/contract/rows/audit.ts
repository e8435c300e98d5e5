/** The audit chain as those who check it see it: records, signed checkpoints, anchors outside the vault, certificates of erasure. */
import { z } from 'zod'
import { auditListText } from '../auditText.ts'
import { Named } from '../named.ts'
import { quick, row, slow } from '../row.ts'
import { SubjectId } from '../types.ts'

const auditors = ['auditor', 'administrator'] as const
const RecordNo = z.number().int().positive()
const RecordCount = z.number().int().nonnegative()
const Hash = z.string().regex(/^[0-9a-f]{64}$/)
const Base64 = z
  .string()
  .regex(/^[A-Za-z0-9+/]+={0,2}$/)
  .max(200)
const Time = z.iso.datetime()

export const auditLimits = {
  /** Of a file that is given to be compared: a checkpoint, a certificate, a public key. */
  textCharactersMax: 1024 * 1024,
  recordsPerPageMax: 1000,
  pathCharactersMax: 4096,
} as const

/** The public half of the key that signs checkpoints, exports and certificates. */
export const StationKeySummary = z.object({
  /** 32 raw bytes, base64. */
  publicKey: Base64,
  /** SHA-256 of the raw bytes. */
  fingerprint: Hash,
})
export type StationKeySummary = z.infer<typeof StationKeySummary>

export const checkpointFormat = 'vultus.checkpoint/1'
/** What a checkpoint says: so many records there were, and this was the hash of the last one. */
export const CheckpointBody = z.strictObject({
  format: z.literal(checkpointFormat),
  vaultId: z.uuid(),
  records: RecordCount,
  headHash: Hash,
  time: Time,
})
export type CheckpointBody = z.infer<typeof CheckpointBody>

/** A canonical text and the station's signature over its bytes, as files and the keychain carry it. */
export const SignedText = z.strictObject({ body: z.string().max(16 * 1024), signature: Base64 })
export type SignedText = z.infer<typeof SignedText>

/**
 * What was found at a place outside the database. missing: nothing is there; unreachable: the place does not answer or
 * cannot be read; contradicting: what is there is not what the chain says, so records were cut off or replaced.
 */
export const AnchorReport = z.object({
  place: z.enum(['keychain', 'witness', 'given']),
  state: z.enum(['agrees', 'missing', 'unreachable', 'contradicting']),
  /** Records that the newest checkpoint there vouches for. */
  records: RecordCount.nullable(),
  time: Time.nullable(),
})
export type AnchorReport = z.infer<typeof AnchorReport>

export const AuditReport = z.object({
  /** The chain and every checkpoint are right, and no anchor contradicts them. */
  ok: z.boolean(),
  records: RecordCount,
  /** Number of the first record that is wrong or missing. */
  firstBad: RecordNo.nullable(),
  checkpoints: z.number().int().nonnegative(),
  /** Records of the first checkpoint that is wrong or missing. */
  badCheckpoint: RecordCount.nullable(),
  anchors: z.array(AnchorReport),
  /** Records after the last anchored checkpoint: so many could be cut off without being missed. */
  unanchored: RecordCount,
  stationKey: StationKeySummary,
})
export type AuditReport = z.infer<typeof AuditReport>

const AuditOutcome = z.enum(['done', 'refused', 'failed'])
export const AuditRecord = z.object({
  no: RecordNo,
  at: Time,
  /** The machine's time, where its clock was behind that of the record before. */
  machineAt: Time.optional(),
  event: z.string(),
  actor: z.looseObject({ role: z.string(), door: z.string() }),
  outcome: AuditOutcome,
  code: z.string().optional(),
  /** Random audit id of the subject. */
  subject: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
})
export type AuditRecord = z.infer<typeof AuditRecord>

const AuditFilter = z.object({
  before: RecordNo.optional().describe('only records with a smaller number (next of the page before)'),
  limit: z.number().int().min(1).max(auditLimits.recordsPerPageMax).default(50).describe('most records in the answer'),
  event: z.string().max(64).optional().describe('only this event, for example subject.erase'),
  outcome: AuditOutcome.optional().describe('only this outcome'),
  from: Time.optional().describe('only records of this time (ISO 8601, UTC) or later'),
  to: Time.optional().describe('only records before this time (ISO 8601, UTC)'),
})
export type AuditFilter = z.output<typeof AuditFilter>

/** Records newest first; a page may be short or empty while next still names more. */
const AuditRecords = z.object({ records: z.array(AuditRecord), next: RecordNo.nullable() })
export type AuditRecords = z.infer<typeof AuditRecords>
/** With the accounts and programs whom the records tell of. */
const AuditPage = AuditRecords.extend({ named: z.array(Named) })
export type AuditPage = z.infer<typeof AuditPage>

const ExportPage = z.object({
  /** JSON texts, one for each line of the export. */
  lines: z.array(z.string()),
  /** What to ask for the next page, or null after the last one. */
  next: z.object({ after: RecordCount, upTo: RecordCount }).nullable(),
})
export type ExportPage = z.infer<typeof ExportPage>

const CheckpointAnswer = CheckpointBody.extend({ stationKey: StationKeySummary, line: z.string() })
export type CheckpointAnswer = z.infer<typeof CheckpointAnswer>

const WitnessAnswer = z.object({ file: z.string().nullable(), anchors: z.array(AnchorReport) })
export type WitnessAnswer = z.infer<typeof WitnessAnswer>

export const certificateFormat = 'vultus.erasure-certificate/1'
/** What the station signs of an erasure: no name and no id of the site, which only its salted hash stands for. */
export const CertificateBody = z.strictObject({
  format: z.literal(certificateFormat),
  vaultId: z.uuid(),
  /** Random audit id that the subject had. */
  subject: z.string().max(64),
  /** HMAC-SHA256 of the site's id under the salt, which only the caller gets. */
  subjectIdHash: Hash,
  destroyed: z.strictObject({
    references: z.number().int().nonnegative(),
    samples: z.number().int().nonnegative(),
    versions: z.number().int().nonnegative(),
    /** Epochs in which the wrapped subject key was destroyed. */
    keyEpochs: z.array(z.number().int().positive()),
  }),
  time: Time,
  by: z.strictObject({ role: z.string(), door: z.string(), operator: z.string().nullable() }),
  auditRecord: z.strictObject({ no: RecordNo, hash: Hash }),
  /**
   * Key files of backups that there were, and when the last of them was replaced by one without the subject's key: a key file that somebody kept from before that time still opens old copies. replacedAt is null as long as one was not replaced; null
   * where there were no backups.
   */
  backupKeyFile: z.strictObject({ keyFiles: z.number().int().positive(), replacedAt: Time.nullable() }).nullable(),
  /**
   * Where the vault was restored from a backup that holds the subject: of when that is. The vault does not answer for the backups of the vault that it
   * was before; left out where it was not restored, or the subject came later.
   */
  restoredFrom: Time.optional(),
  /** Fingerprint of the key that signs this. */
  stationKey: Hash,
})
export type CertificateBody = z.infer<typeof CertificateBody>

/** A certificate as its file holds it. The salt is not signed and not kept in the vault. */
export const Certificate = z.strictObject({ ...SignedText.shape, publicKey: Base64, salt: Base64 })
export type Certificate = z.infer<typeof Certificate>

/** A certificate as the vault keeps it: nobody can match it with an id of the site. */
export const KeptCertificate = Certificate.omit({ salt: true })
export type KeptCertificate = z.infer<typeof KeptCertificate>

const CertificateCheck = z.object({
  /** The signature is right, and nothing that could be compared differs. */
  ok: z.boolean(),
  signature: z.enum(['good', 'bad']),
  /** Whether the vault's audit chain holds the record that the certificate names; null without the vault. */
  auditRecord: z.enum(['found', 'missing', 'differs']).nullable(),
  /** Whether the id is the one that was erased; null where none was given. */
  idMatches: z.boolean().nullable(),
  certificate: CertificateBody,
})
export type CertificateCheck = z.infer<typeof CertificateCheck>
/** With the name of the account that erased; null where no vault was asked, or it does not know it. */
const CertificateReport = CertificateCheck.extend({ operatorName: z.string().nullable() })
export type CertificateReport = z.infer<typeof CertificateReport>

const Text = z.string().max(auditLimits.textCharactersMax)

/** What `audit checkpoint` prints: to be kept on paper or elsewhere; its last line is what a machine reads. */
function checkpointText(answer: CheckpointAnswer): string {
  return [
    'Vultus audit checkpoint',
    `vault        ${answer.vaultId}`,
    `records      ${answer.records}`,
    `head hash    ${answer.headHash}`,
    `time         ${answer.time}`,
    `public key   ${answer.stationKey.publicKey}`,
    `fingerprint  ${answer.stationKey.fingerprint}`,
    answer.line,
  ].join('\n')
}

/** What comes from a certificate's file must not steer a terminal. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, '?')

function restoreText({ restoredFrom }: CertificateBody): string[] {
  if (restoredFrom === undefined) return []
  return [
    `The vault had been restored from a backup of ${restoredFrom}, which has the subject in it. It opens with its own key file and`,
    'the root key or the recovery key, wherever both still are: this vault does not reach them.',
  ]
}

function backupText({ backupKeyFile, auditRecord }: CertificateBody): string {
  if (backupKeyFile === null) return 'The vault knew of no backup of its own when it was erased.'
  const { keyFiles, replacedAt } = backupKeyFile
  const those = keyFiles === 1 ? 'one key file' : `${keyFiles} key files`
  return replacedAt === null
    ? [
        `There were backups with ${those}. When this was signed, not every one had been replaced yet: with such a key file and`,
        'the root key or the recovery key, an old backup can still be opened with the subject in it. The newest certificate says',
        `whether that has been done since: vultus audit certificate --record ${auditRecord.no}`,
      ].join('\n')
    : [
        `There were backups with ${those}. The last one was replaced at ${replacedAt}: until then somebody could`,
        'have kept a copy, which still opens old backups with the subject in them, together with the root key or the recovery key.',
        'Key files from after that do not have the key of the subject.',
      ].join('\n')
}

function certificateText({ ok, signature, auditRecord, idMatches, certificate: body, operatorName }: CertificateReport): string {
  const { destroyed, by } = body
  const record = { found: 'stands in', missing: 'is missing from', differs: 'is another one in' } as const
  return [
    ok ? 'The certificate is right.' : 'The certificate is NOT right.',
    signature === 'good' ? 'It is signed by the station.' : 'It is not signed by the station.',
    ...(auditRecord === null ? [] : [`Its audit record ${body.auditRecord.no} ${record[auditRecord]} the audit chain of the vault.`]),
    ...(signature === 'good' && auditRecord !== null && auditRecord !== 'found'
      ? ['Where the vault was restored from a backup of before, its records from then on are lost: check it with --public-key.']
      : []),
    ...(idMatches === null ? [] : [idMatches ? 'It is of the subject with that id.' : 'It is NOT of the subject with that id.']),
    '',
    `erased at    ${body.time}`,
    `by           ${printable(by.role)} (${printable(by.door)})${by.operator === null ? '' : `, account ${printable(operatorName ?? by.operator)}`}`,
    `destroyed    ${destroyed.references} references, ${destroyed.samples} samples, ${destroyed.versions} versions`,
    `             and the key of the subject, in key epochs ${destroyed.keyEpochs.join(', ') || 'none'}`,
    `subject      ${printable(body.subject)} (random id)`,
    `vault        ${body.vaultId}`,
    `station key  ${body.stationKey}`,
    '',
    backupText(body),
    ...restoreText(body),
  ].join('\n')
}

export const auditRows = {
  'audit.verify': row({
    input: z.object({ checkpoint: Text.optional().describe('compare with the checkpoints of this file') }),
    output: AuditReport,
    roles: auditors,
    audit: 'read',
    unrecorded: 'answered',
    vault: 'open',
    limits: slow,
    command: {
      name: 'audit verify',
      summary: 'check the whole audit chain, its checkpoints and its anchors',
      example: 'vultus audit verify --checkpoint checkpoint.txt --json',
      options: ['checkpoint'],
      files: { checkpoint: 'text' },
      exitOf: (answer: { ok: boolean }) => (answer.ok ? 0 : 4),
    },
  }),
  'audit.list': row({
    input: AuditFilter,
    output: AuditPage,
    roles: auditors,
    audit: 'read',
    unrecorded: 'answered',
    vault: 'open',
    limits: quick,
    command: {
      name: 'audit list',
      summary: 'list records of the audit chain, newest first',
      example: 'vultus audit list --event subject.erase --limit 20',
      options: ['before', 'limit', 'event', 'outcome', 'from', 'to'],
      text: auditListText,
    },
  }),
  'audit.export': row({
    input: z.object({
      after: RecordCount.default(0),
      upTo: RecordCount.optional(),
      limit: z.number().int().min(1).max(auditLimits.recordsPerPageMax).default(auditLimits.recordsPerPageMax),
    }),
    output: ExportPage,
    roles: auditors,
    audit: 'read',
    vault: 'open',
    limits: slow,
    command: {
      name: 'audit export',
      summary: 'write records and checkpoints as JSON lines that anybody can check',
      example: 'vultus audit export --out audit.jsonl',
      options: [],
      outFile: { option: 'out', summary: 'write to this new file instead of stdout' },
      stream: { lines: (answer: ExportPage) => answer.lines, next: (answer: ExportPage) => answer.next },
    },
  }),
  'audit.checkpoint': row({
    input: z.object({}),
    output: CheckpointAnswer,
    roles: auditors,
    audit: 'read',
    vault: 'open',
    limits: quick,
    command: {
      name: 'audit checkpoint',
      summary: 'print a signed checkpoint of the audit chain, to be kept elsewhere',
      example: 'vultus audit checkpoint > checkpoint.txt',
      options: [],
      text: checkpointText,
    },
  }),
  'audit.witness': row({
    input: z
      .object({
        file: z
          .string()
          .min(1)
          .max(auditLimits.pathCharactersMax)
          .optional()
          .describe('append every checkpoint to this file, on another disk'),
        remove: z.boolean().default(false).describe('use no witness file any more'),
        accept: z.boolean().default(false).describe('keep the present chain although anchors contradict it (after a restore); recorded'),
      })
      .refine((value) => value.file === undefined || !value.remove, 'give either file or remove'),
    output: WitnessAnswer,
    roles: auditors,
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'audit witness',
      summary: 'show or set the file that witnesses the checkpoints',
      example: 'vultus audit witness --file /mnt/other/vultus-witness.jsonl',
      options: ['file', 'remove', 'accept'],
      files: { file: 'path' },
    },
  }),
  'certificate.get': row({
    input: z.object({ record: RecordNo.describe('number of the audit record of the erasure') }),
    output: KeptCertificate,
    roles: ['supervisor', 'auditor', 'administrator'],
    audit: 'read',
    vault: 'open',
    limits: quick,
    command: {
      name: 'audit certificate',
      summary: 'give again the certificate of an erasure, without what matches it with an id',
      example: 'vultus audit certificate --record 42 --out erased.json',
      options: ['record'],
      outFile: {
        option: 'out',
        summary: 'write the certificate to this new file',
        contents: (answer: KeptCertificate) => `${JSON.stringify(answer)}\n`,
      },
    },
  }),
  'certificate.verify': row({
    input: z.object({
      certificate: Text,
      id: SubjectId.optional().describe('number of the subject that is said to be erased'),
      publicKey: Text.optional().describe('file with the public key of the station, to check without its vault'),
    }),
    output: CertificateReport,
    roles: ['operator', 'supervisor', 'auditor', 'administrator'],
    audit: 'none',
    vault: 'any',
    limits: quick,
    command: {
      name: 'verify-certificate',
      summary: 'check a certificate of erasure, with the vault or with the public key of its station',
      example: 'vultus verify-certificate erased.json --id R-1001',
      options: ['id', 'publicKey'],
      files: { certificate: 'text', publicKey: 'text' },
      argument: 'certificate',
      text: certificateText,
      vaultFor: (input: { publicKey?: unknown }) => (input.publicKey === undefined ? 'open' : 'any'),
      exitOf: (answer: { ok: boolean }) => (answer.ok ? 0 : 1),
    },
  }),
}
