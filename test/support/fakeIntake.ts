/** What the stand-in answers of the form, consent, drafts, exceptions and the inbox. It runs inside the page, so it imports nothing. */
import type { FakeAnswers, FakePage } from './fakePage.ts'

export function intakeAnswers({ plan, state, createdAt, refusal, captured }: FakePage): FakeAnswers {
  const unknownDraft = refusal('draft.unknown')
  const newId = () => `6f3c5a4e-8f0b-4d57-9c1e-${String(state.nextDraft++).padStart(12, '0')}`
  const endDraft = (draft: unknown) => {
    state.drafts = state.drafts.filter((one) => one.draft !== draft)
  }
  const draftSummary = ({ content: _content, captured: shots, proof: _proof, ...rest }: Record<string, unknown>) => ({
    ...rest,
    captures: (shots as unknown[]).length,
  })
  const wait = (item: Record<string, unknown>) => {
    const id = newId()
    const whole = { name: '', note: '', reason: null, hasProof: false, proof: null, form: {}, captured: [], outdated: false }
    const about = { operator: 'Olga', own: false, createdAt, expiresAt: createdAt, formVersion: state.form.version }
    state.inbox.push({ ...whole, ...about, ...item, item: id, captures: 0 })
    return id
  }
  const decide: FakeAnswers[string] = ({ item, decision, subject }) => {
    const found = state.inbox.find((one) => one.item === item)
    if (found === undefined) return unknownDraft
    state.inbox = state.inbox.filter((one) => one !== found)
    return { item, decision, id: decision === 'reject' ? null : decision === 'same' ? subject : found.id, sequence: 9 }
  }
  return {
    'policy.form': () => ({
      ...state.form,
      setAt: state.form.version === 0 ? null : createdAt,
      exceptions: state.enrolment,
      numbers: state.enrolment.numbers,
    }),
    'policy.setForm': ({ policy }) => {
      state.form = { version: state.form.version + 1, policy }
      return { ...state.form, setAt: createdAt }
    },
    'policy.enrolment': (change) => ({ ...Object.assign(state.enrolment, change) }),
    'consent.text': () => ({ text: state.consent }),
    'consent.change': ({ texts }) => {
      state.consent = Object.keys(texts).length === 0 ? null : { version: (state.consent?.version ?? 0) + 1, createdAt, texts }
      return { text: state.consent }
    },
    'draft.list': () => ({ drafts: state.drafts.map(draftSummary) }),
    'draft.save': ({ draft, content, captureIds, proof }) => {
      const lost = captureIds.some((id: string) => !state.held.has(id))
      if (lost) return refusal('capture.unknown')
      const known = state.drafts.find((one) => one.draft === draft)
      if (draft !== undefined && known === undefined) return unknownDraft
      const saved = known ?? { draft: newId(), operator: 'Ada Example', own: true, createdAt, expiresAt: createdAt }
      const kept = captureIds.map((id: string) => state.held.get(id))
      Object.assign(saved, {
        content,
        proof: proof === undefined ? (known?.proof ?? null) : proof,
        step: content.step,
        id: content.id,
        name: content.name,
        captured: kept,
        changedAt: new Date().toISOString(),
      })
      if (known === undefined) state.drafts.push(saved)
      return draftSummary(saved)
    },
    'draft.open': ({ draft }) => {
      const found = state.drafts.find((one) => one.draft === draft)
      if (found === undefined) return unknownDraft
      const { content, captured: shots, proof = null } = found
      return { ...draftSummary(found), content, captured: shots, proof, outdated: 0 }
    },
    'draft.discard': ({ draft }) => {
      if (!state.drafts.some((one) => one.draft === draft)) return unknownDraft
      endDraft(draft)
      return { draft, discarded: true }
    },
    'exception.propose': ({ id, draft, reason, note, proof }) => {
      endDraft(draft)
      if (state.enrolment.confirmedBy === 'operator') return { id, state: 'enrolled', item: null, sequence: 9 }
      const item = wait({ kind: 'exception', id, note, reason, proof: proof ?? null, hasProof: proof !== undefined, candidates: [] })
      return { id, state: 'proposed', item, sequence: null }
    },
    'exception.proof': () => ({ proof: null }),
    'inbox.count': () => ({ waiting: state.inbox.length }),
    'inbox.list': ({ limit }) => ({ items: state.inbox.slice(0, limit), waiting: state.inbox.length }),
    'inbox.leave': ({ id, name, note, form, draft, captureIds }) => {
      endDraft(draft)
      const candidates = state.duplicates
      const item = wait({
        kind: 'duplicate',
        id,
        name: name ?? '',
        note,
        form: form ?? {},
        candidates,
        captured: captureIds.map((one: string) => state.held.get(one)),
      })
      return { item, candidates }
    },
    'inbox.open': ({ item }) => {
      const found = state.inbox.find((one) => one.item === item)
      if (found === undefined) return unknownDraft
      // A plan names no bytes: what was captured of a waiting case is a picture of the plan.
      const bare = found.kind === 'duplicate' && found.outdated !== true && (found.captured as unknown[]).length === 0
      return bare ? { ...found, captured: [captured('camera')] } : found
    },
    'inbox.decide': decide,
    'inbox.decideHere': ({ name: _name, secret, ...input }) =>
      secret === (plan.supervisorSecret ?? 'right') ? decide(input) : refusal('signIn.wrong', { waitMs: 0 }),
  }
}
