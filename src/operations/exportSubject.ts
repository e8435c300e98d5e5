/** Everything that is stored of one subject, for the subject: nobody else is in it, and no template. */
import { VultusError } from '../contract/errors.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { ReferenceNo } from '../contract/types.ts'
import type { VaultPort } from './ports.ts'

export function exportSubject(vault: VaultPort, { id }: ParsedInputOf<'subject.export'>, nowMs: number): OutputOf<'subject.export'> {
  const subject = vault.subjects.get(id)
  const intake = vault.subjects.intakeOf(id)
  if (subject === undefined || intake === undefined) throw new VultusError('subject.unknown')
  const pictures = vault.references.samplesOf(id)
  const consents = vault.subjects.consentsOf(id)
  const texts = vault.settings.get('enrol.consentTexts')
  return {
    format: 'vultus.subject-export/1',
    exportedAt: new Date(nowMs).toISOString(),
    id: subject.id,
    name: subject.name,
    createdAt: subject.createdAt,
    ...vault.subjects.labelOf(id),
    form: intake.form,
    exception: intake.exception,
    decision: intake.decision,
    restrictions: vault.subjects.restrictionsOf(id),
    consents: consents.map((consent) => ({
      ...consent,
      text: texts.find(({ version }) => version === consent.version)?.texts[consent.language] ?? null,
    })),
    references: vault.references.history(id).map((record) => ({
      ...record,
      referenceNo: record.referenceNo as ReferenceNo,
      picture: base64Of(pictures.get(record.referenceNo)),
    })),
  }
}

/** Characters at once: more are too many arguments. */
const pieceBytes = 0x2000

function base64Of(bytes: Uint8Array | undefined): string | null {
  if (bytes === undefined) return null
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(String.fromCharCode(...bytes.subarray(at, at + pieceBytes)))
  return btoa(pieces.join(''))
}
