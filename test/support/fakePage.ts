/** What the answers of the stand-in share. It runs inside the page, so it imports nothing. */
import type { ErrorCode, errorTable } from '../../src/contract/errors.ts'
import type { deskFallback } from '../../src/contract/rows/desk.ts'
import type { FakePlan, FakeRestriction } from './fakePlan.ts'

// biome-ignore lint/suspicious/noExplicitAny: inputs of every procedure come in here
export type FakeAnswers = Record<string, (input: any) => unknown>

/** What the stand-in takes from the contract. */
export interface FakeContract {
  readonly errors: typeof errorTable
  readonly desk: typeof deskFallback
}

export type FakePage = ReturnType<typeof fakePage>

/** The plan, what has become of it, and what an answer is made of. */
export function fakePage(plan: FakePlan, contract: FakeContract) {
  const state = {
    ...plan,
    taken: 0,
    captures: 0,
    consent: plan.consent ?? null,
    versions: [3, 2, 1],
    activeVersion: 3,
    signIn: 'signedIn' as 'signedIn' | 'locked' | 'nobody',
    erased: [] as string[],
    kept: { samplesKept: true, supersededDays: null as number | null },
    schedule: { folder: null as string | null, intervalHours: 24, generationsKept: 7 },
    backups: [...(plan.backups ?? [])],
    policy: { pinAllowed: false, idleLockMs: 300_000 },
    accounts: [...(plan.accounts ?? [])],
    jobs: [...(plan.jobs ?? [])],
    reports: [...(plan.reports ?? [])],
    form: plan.form ?? {
      version: 0,
      policy: {
        format: 'vultus.form/1',
        fields: [
          { id: 'number', type: 'text', label: { en: 'Number' }, required: true, lengthMax: 64, visibleTo: ['operator'] },
          { id: 'name', type: 'text', label: { en: 'Name' }, required: false, lengthMax: 200, visibleTo: ['operator'] },
        ],
      },
    },
    enrolment: {
      ...(plan.exceptions ?? { confirmedBy: 'supervisor', proof: 'optional' }),
      draftHours: 72,
      waitingDays: 30,
      numbers: plan.numbers ?? 'site',
    },
    proposed: 0,
    /** Captures by id, so that a draft gives them back. */
    held: new Map<string, unknown>(),
    drafts: [...(plan.drafts ?? [])] as Record<string, unknown>[],
    inbox: [...(plan.inbox ?? [])] as Record<string, unknown>[],
    nextDraft: 1,
    restricted: { ...plan.restricted } as Record<string, FakeRestriction>,
    /** Names and values that were corrected. */
    corrected: {} as Record<string, { name?: string; form?: Record<string, unknown> }>,
    /** Every call: its name and input. */
    calls: [] as { name: string; input: unknown }[],
  }
  const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const refusal = (code: ErrorCode, data?: unknown, detail?: string) => {
    const { message, remedy } = contract.errors[code]
    return { ok: false, refusal: { code, message, remedy, detail }, data }
  }
  /** The moment that everything is of. */
  const createdAt = '2026-06-09T09:30:00.000Z'
  const captured = (captureSource: string) => ({
    captureId: `capture-${String(++state.taken).padStart(12, '0')}`,
    captureSource,
    pad: 'notAssessed',
    liveness: { verdict: 'notAssessed', failure: null, steps: [], unable: [], injection: [] },
    width: 640,
    height: 480,
    box: { x: 220, y: 120, width: 200, height: 220 },
    detectionScore: 0.97,
    facesInPicture: 1,
    quality: { qualityScore: 0.7 + state.taken / 100, components: {} },
    sample: bytesOf(state.samples[(state.taken - 1) % state.samples.length]!),
  })
  /** A capture that can be used by its id. */
  const capture = (captureSource: string) => {
    const made = captured(captureSource)
    state.held.set(made.captureId, made)
    return made
  }
  return { plan, contract, state, createdAt, bytesOf, refusal, captured, capture }
}
