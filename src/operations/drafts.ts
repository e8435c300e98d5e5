/** Drafts: work in progress in the vault, each of its operator. Supervisors and administrators see those of others, too. */

import type { DraftClaim, DraftRecord } from '../contract/draftRecords.ts'
import { VultusError } from '../contract/errors.ts'
import type { DraftContent, DraftId } from '../contract/intake.ts'
import type { KeptCapture, Sample } from '../contract/processes.ts'
import type { Actor } from '../contract/records.ts'
import type { CaptureSummary } from '../contract/rows/capture.ts'
import type { DraftSummary } from '../contract/rows/draft.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { CaptureId } from '../contract/types.ts'
import type { Ports, VaultPort } from './ports.ts'
import { proofOf } from './proofs.ts'
import { refuseSimulated } from './samples.ts'

type DraftPorts = Pick<Ports, 'vault' | 'face'>

/** Whose unfinished enrolments somebody works on. */
export const ownerOf = (actor: Actor): string | null => actor.operator ?? null
const supervises = ({ role }: Actor) => role === 'supervisor' || role === 'administrator'

/** A draft that somebody may complete: their own, or for supervisors anybody's. */
export function claimOf(id: string, actor: Actor): DraftClaim {
  return { id, states: ['draft'], owner: supervises(actor) ? 'everybody' : ownerOf(actor) }
}

/**
 * Keeps how far an operator is, with the samples of the captures that it names and the picture that proves an exception.
 * @throws draft.unknown, draft.tooMany, capture.unknown, and what is wrong with the picture
 */
export async function saveDraft(ports: DraftPorts, input: ParsedInputOf<'draft.save'>, actor: Actor): Promise<OutputOf<'draft.save'>> {
  const owner = ownerOf(actor)
  const { draft: id, content } = input
  const before = id === undefined ? undefined : ports.vault.drafts.open<DraftContent>({ id, states: ['draft'], owner })
  const captures = await keptCaptures(ports, input.captureIds, before)
  const given = input.proof
  const proof = given === undefined ? (before?.proof ?? null) : given === null ? null : await proofOf(ports, given)
  const record = ports.vault.drafts.save({ id, owner, content, captures, proof, audit: { event: 'draft.save', actor, outcome: 'done' } })
  return summaryOf(ports.vault, record, actor)
}

/**
 * Captures with all that is kept of them: those of the draft, which outlive the face process, and else those that it holds.
 * @throws capture.unknown, capture.simulatedRefused
 */
export async function keptCaptures(
  ports: DraftPorts,
  captureIds: readonly string[],
  draft: Pick<DraftRecord<unknown>, 'captures'> | undefined,
): Promise<KeptCapture[]> {
  const kept: KeptCapture[] = []
  for (const captureId of captureIds) {
    kept.push(draft?.captures.find((capture) => capture.captureId === captureId) ?? (await ports.face.keepCapture({ captureId })))
  }
  refuseSimulated(
    ports,
    kept.map(({ sample }) => sample),
  )
  return kept
}

/** The samples of an enrolment: of its draft where that has them, and else of the face process. @throws capture.unknown, draft.unknown */
export async function samplesOf(
  ports: DraftPorts,
  { captureIds, draft }: { captureIds: readonly string[]; draft?: string | undefined },
  actor: Actor,
): Promise<Sample[]> {
  const opened = draft === undefined ? undefined : ports.vault.drafts.open<DraftContent>(claimOf(draft, actor))
  const samples: Sample[] = []
  for (const captureId of captureIds) {
    const kept = opened?.captures.find((capture) => capture.captureId === captureId)
    samples.push(kept?.sample ?? (await ports.face.takeSample({ captureId })))
  }
  return samples
}

export function listDrafts(vault: VaultPort, input: ParsedInputOf<'draft.list'>, actor: Actor): OutputOf<'draft.list'> {
  if (input.everybody && !supervises(actor)) throw new VultusError('permission.denied')
  const { records, after } = vault.drafts.list<DraftContent>({
    states: ['draft'],
    owner: input.everybody ? 'everybody' : ownerOf(actor),
    limit: input.limit,
    after: input.cursor ?? 0,
  })
  return { drafts: records.map((record) => summaryOf(vault, record, actor)), ...(after === null ? {} : { cursor: after }) }
}

export function openDraft(ports: DraftPorts, input: ParsedInputOf<'draft.open'>, actor: Actor): OutputOf<'draft.open'> {
  const record = ports.vault.drafts.open<DraftContent>(claimOf(input.draft, actor))
  const { usable, outdated } = shownCaptures(ports, record.captures)
  const proof = record.proof === null ? null : new Uint8Array(record.proof)
  return { ...summaryOf(ports.vault, record, actor), content: record.content, captured: usable, outdated, proof }
}

export function discardDraft(vault: VaultPort, input: ParsedInputOf<'draft.discard'>, actor: Actor): OutputOf<'draft.discard'> {
  vault.drafts.discard(claimOf(input.draft, actor), { event: 'draft.discard', actor, outcome: 'done' })
  return { draft: input.draft, discarded: true }
}

/** Captures as the screen shows them; those of another model than the active one are only counted. */
export function shownCaptures(
  ports: Pick<Ports, 'face'>,
  captures: readonly KeptCapture[],
): { usable: CaptureSummary[]; outdated: number } {
  const model = ports.face.model?.id
  const usable = captures.filter(({ sample }) => model === undefined || sample.model === model)
  return { usable: usable.map(captureSummaryOf), outdated: captures.length - usable.length }
}

/** A capture as the screen shows it. */
export function captureSummaryOf({ captureId, summary, sample }: KeptCapture): CaptureSummary {
  return { ...summary, captureId: CaptureId.parse(captureId), sample: new Uint8Array(sample.picture) }
}

/** What is told of every unfinished enrolment. */
export function recordSummaryOf(vault: VaultPort, record: DraftRecord<{ readonly id: string }>, actor: Actor) {
  const { owner, captures, createdAt, expiresAt, content } = record
  return {
    id: content.id,
    captures: captures.length,
    operator: owner === null ? null : (vault.operators.byId(owner)?.name ?? null),
    own: owner === ownerOf(actor),
    createdAt,
    expiresAt,
  }
}

function summaryOf(vault: VaultPort, record: DraftRecord<DraftContent>, actor: Actor): DraftSummary {
  const { step, name } = record.content
  return { ...recordSummaryOf(vault, record, actor), draft: record.id as DraftId, step, name, changedAt: record.changedAt }
}
