/** What waits for a supervisor: leaving it, showing it with its evidence, and deciding in one transaction with the effect. */

import type { DraftClaim, DraftRecord, WaitingCandidate } from '../contract/draftRecords.ts'
import { VultusError } from '../contract/errors.ts'
import { builtInFormVersion } from '../contract/form.ts'
import type { DraftContent, DraftId, WaitingContent } from '../contract/intake.ts'
import type { EmbeddingModel } from '../contract/processes.ts'
import type { Actor, AuditEntry, CommittedChange } from '../contract/records.ts'
import type { Decided, InboxSummary } from '../contract/rows/inbox.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { SubjectId } from '../contract/types.ts'
import { fmrAt } from '../core/calibration.ts'
import { consentOf } from './consent.ts'
import { claimOf, keptCaptures, ownerOf, recordSummaryOf, shownCaptures } from './drafts.ts'
import { exemptionOf, lookAlikes, modelOf, publishSamples, referenceOf, refuseQuality, refuseTaken, sourcesOf } from './enrol.ts'
import { checkedForm } from './forms.ts'
import type { Ports, VaultPort } from './ports.ts'

type Item = DraftRecord<WaitingContent>

const waitingStates = ['duplicate', 'exception'] as const
const claimOfItem = (id: string): DraftClaim => ({ id, states: waitingStates, owner: 'everybody' })

/**
 * Leaves an enrolment that looks like a duplicate to a supervisor, with everything that it would have stored.
 * @throws duplicate.none where nobody looks alike, quality.refused, form.refused, form.changed, consent.required, draft.unknown, capture.unknown, subject.exists
 */
export async function leaveDuplicate(ports: Ports, input: ParsedInputOf<'inbox.leave'>, actor: Actor): Promise<OutputOf<'inbox.leave'>> {
  const draft = input.draft === undefined ? undefined : ports.vault.drafts.open<DraftContent>(claimOf(input.draft, actor))
  const captures = await keptCaptures(ports, input.captureIds, draft)
  const samples = captures.map(({ sample }) => sample)
  const exemption = exemptionOf(input)
  refuseQuality(samples, input)
  return await ports.serialised(async () => {
    refuseTaken(ports.vault, input)
    const model = modelOf(ports, samples)
    const { name, form, formVersion } = checkedForm(ports.vault, input)
    const consent = consentOf(ports.vault, input, ports.nowMs())
    const { candidates, fmr } = await lookAlikes(ports, model, samples, input)
    if (candidates.length === 0) throw new VultusError('duplicate.none')
    const known = ports.vault.subjects.auditIdOf(input.id) !== undefined
    const item = ports.vault.drafts.leave({
      state: 'duplicate',
      owner: ownerOf(actor),
      content: {
        id: input.id,
        name: name ?? null,
        form: form?.values ?? {},
        formVersion,
        note: input.note,
        known,
        fmr,
        consent,
        exemption,
      },
      captures,
      proof: null,
      candidates,
      takes: input.draft === undefined ? undefined : claimOf(input.draft, actor),
      audit: {
        event: 'inbox.leave',
        actor,
        outcome: 'done',
        details: { captures: captures.length, captureSource: sourcesOf(samples), preset: input.preset, fmr },
      },
    })
    return { item: item as DraftId, candidates }
  })
}

export function listInbox(ports: Pick<Ports, 'vault' | 'face'>, input: ParsedInputOf<'inbox.list'>, actor: Actor): OutputOf<'inbox.list'> {
  const { drafts } = ports.vault
  const page = { states: waitingStates, owner: 'everybody', limit: input.limit, after: input.cursor ?? 0 } as const
  const { records, after } = drafts.list<WaitingContent>(page)
  return {
    items: records.map((record) => itemSummaryOf(ports, record, actor)),
    waiting: drafts.waiting(),
    ...(after === null ? {} : { cursor: after }),
  }
}

export function openItem(ports: Pick<Ports, 'vault' | 'face'>, input: ParsedInputOf<'inbox.open'>, actor: Actor): OutputOf<'inbox.open'> {
  const record = ports.vault.drafts.open<WaitingContent>(claimOfItem(input.item))
  const { usable, outdated } = shownCaptures(ports, record.captures)
  const { form, formVersion } = record.content
  const proof = record.proof === null ? null : new Uint8Array(record.proof)
  return { ...itemSummaryOf(ports, record, actor), form, formVersion, captured: usable, proof, outdated: outdated > 0 }
}

function itemSummaryOf(ports: Pick<Ports, 'vault' | 'face'>, record: Item, actor: Actor): InboxSummary {
  const { name, note, reason } = record.content
  return {
    ...recordSummaryOf(ports.vault, record, actor),
    name: name ?? '',
    item: record.id as DraftId,
    kind: record.state === 'exception' ? 'exception' : 'duplicate',
    note,
    reason: reason ?? null,
    hasProof: record.proof !== null,
    candidates: ports.vault.drafts.candidatesOf(record.id).map((candidate) => ratedOf(candidate, ports.face.model, record)),
  }
}

/** A candidate with the rate of its score, where the model that gave it is the active one. */
function ratedOf({ id, comparisonScore }: WaitingCandidate, model: EmbeddingModel | undefined, { captures }: Item) {
  const isOfModel = captures.every(({ sample }) => sample.model === model?.id)
  return {
    id: SubjectId.parse(id),
    comparisonScore,
    fmr: model !== undefined && isOfModel ? fmrAt(model.calibration, comparisonScore) : null,
  }
}

/**
 * Decides. One at a time and not beside enrolments, so that what was compared still holds.
 * @throws draft.unknown, inbox.ownItem, inbox.decisionRefused, inbox.newCandidates, subject.exists, subject.unknown
 */
export async function decideItem(
  ports: Ports,
  input: ParsedInputOf<'inbox.decide'>,
  actor: Actor,
  here: { readonly openedBy: string | null } | undefined = undefined,
): Promise<OutputOf<'inbox.decide'>> {
  return await ports.serialised(async () => {
    const item = ports.vault.drafts.open<WaitingContent>(claimOfItem(input.item))
    if (item.owner !== null && item.owner === actor.operator) throw new VultusError('inbox.ownItem')
    assertPossible(item, input.decision)
    const decided = await decisions[input.decision]({ ports, item, input, actor, here })
    return { item: input.item, decision: input.decision, id: decided?.id ?? null, sequence: decided?.sequence ?? null }
  })
}

function assertPossible({ state }: Item, decision: Decided): void {
  const possible: readonly Decided[] = state === 'exception' ? ['confirm', 'reject'] : ['same', 'different', 'reject']
  if (!possible.includes(decision)) throw new VultusError('inbox.decisionRefused', `possible: ${possible.join(', ')}`)
}

interface Case {
  readonly ports: Ports
  readonly item: Item
  readonly input: ParsedInputOf<'inbox.decide'>
  readonly actor: Actor
  /** Decided at the desk of somebody else, whose account that is. */
  readonly here: { readonly openedBy: string | null } | undefined
}

type Effect = { readonly id: SubjectId; readonly sequence: number } | undefined

const decisions: Readonly<Record<Decided, (decided: Case) => Promise<Effect>>> = {
  same: addToCandidate,
  different: enrolApart,
  confirm: confirmException,
  reject: async (decided) => {
    decided.ports.vault.drafts.discard(claimOfItem(decided.item.id), entryOf(decided))
    return undefined
  },
}

function entryOf({ item, input, actor, here }: Omit<Case, 'ports'>, details: NonNullable<AuditEntry['details']> = {}): AuditEntry {
  const { decision, reason } = input
  const event = here === undefined ? 'inbox.decide' : 'inbox.decideHere'
  return {
    event,
    actor,
    outcome: 'done',
    details: { item: item.id, kind: item.state, decision, reason, ...(here === undefined ? {} : { openedBy: here.openedBy }), ...details },
  }
}

/** What is kept of the decision with the subject. */
function keptOf({ input, actor }: Pick<Case, 'input' | 'actor'>, decision: 'same' | 'different' | 'confirm') {
  return { decision, reason: input.reason, note: input.note, by: ownerOf(actor) }
}

/** @throws inbox.decisionRefused where the captures are of another model than the active one */
function samplesOfItem(ports: Ports, { captures }: Item) {
  const samples = captures.map(({ sample }) => sample)
  const model = ports.face.model
  if (model === undefined) throw new VultusError('model.missing')
  if (samples.some((sample) => sample.model !== model.id)) {
    throw new VultusError('inbox.decisionRefused', 'the pictures were taken with another model: reject it, and capture the subject again')
  }
  return { samples, model }
}

/** The same person: what was captured becomes a new version of that subject; what was filled in is not taken over. */
async function addToCandidate(decided: Case): Promise<Effect> {
  const { ports, item, input } = decided
  const { subject } = input
  const isCandidate = ports.vault.drafts.candidatesOf(item.id).some(({ id }) => id === subject)
  if (subject === undefined || !isCandidate) throw new VultusError('inbox.decisionRefused', 'subject: one of the candidates')
  const { samples } = samplesOfItem(ports, item)
  const change = ports.vault.enrolments.commit({
    id: subject,
    references: samples.map((sample) => referenceOf(sample, item.content.exemption)),
    consent: item.content.consent,
    takes: claimOfItem(item.id),
    decision: keptOf(decided, 'same'),
    audit: entryOf(decided, { references: samples.length }),
  })
  await publishSamples(ports, change, samples)
  return { id: subject, sequence: change.sequence }
}

/** Somebody else: enrolled as it was asked for, unless somebody more who looks alike has come meanwhile. */
async function enrolApart(decided: Case): Promise<Effect> {
  const { ports, item } = decided
  const { id, name, fmr, known, consent, exemption } = item.content
  const { samples, model } = samplesOfItem(ports, item)
  assertSameState(ports.vault, id, known)
  const { candidates } = await lookAlikes(ports, model, samples, { id, fmr: fmr ?? 1e-3 })
  const compared = new Set(ports.vault.drafts.candidatesOf(item.id).map((candidate) => candidate.id))
  if (candidates.some((candidate) => !compared.has(candidate.id))) {
    ports.vault.drafts.replaceCandidates(item.id, candidates)
    throw new VultusError('inbox.newCandidates', undefined, { data: { candidates } })
  }
  const change = ports.vault.enrolments.commit({
    id,
    name: name ?? undefined,
    form: formOf(item),
    references: samples.map((sample) => referenceOf(sample, exemption)),
    consent,
    takes: claimOfItem(item.id),
    decision: keptOf(decided, 'different'),
    audit: entryOf(decided, { references: samples.length }),
  })
  await publishSamples(ports, change, samples)
  return { id: SubjectId.parse(id), sequence: change.sequence }
}

async function confirmException(decided: Case): Promise<Effect> {
  const { ports, item, actor } = decided
  const { id, name, note, reason, consent } = item.content
  if (reason === undefined) throw new VultusError('vault.damaged', 'drafts')
  assertSameState(ports.vault, id, false)
  const kept = { reason, note, proposedBy: item.owner, confirmedBy: ownerOf(actor), proposedAt: item.createdAt }
  const change: CommittedChange = ports.vault.enrolments.commitException({
    id,
    name: name ?? undefined,
    form: formOf(item),
    exception: { kept, proof: item.proof },
    consent,
    takes: claimOfItem(item.id),
    decision: keptOf(decided, 'confirm'),
    audit: entryOf(decided, { exception: reason }),
  })
  await ports.publish(change, [])
  return { id: SubjectId.parse(id), sequence: change.sequence }
}

/** Nothing is kept where nothing was filled in and no policy was set, as at an enrolment; of a known subject what is there stays. */
function formOf({ content: { form: values, formVersion: version, known } }: Item) {
  const isKept = Object.keys(values).length > 0 || (!known && version !== builtInFormVersion)
  return isKept ? { version, values } : undefined
}

/** Whoever was new must not be enrolled by now, and whoever was known must still be. */
function assertSameState(vault: VaultPort, id: string, known: boolean): void {
  if ((vault.subjects.auditIdOf(id) !== undefined) === known) return
  throw new VultusError(known ? 'subject.unknown' : 'subject.exists')
}
