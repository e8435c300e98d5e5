/** What waits for a supervisor: the cases, the one that is chosen, and the one that is open with all that is needed to decide. */
import { create } from 'zustand'
import { type Refusal, VultusError } from '../../../contract/errors.ts'
import type { DraftId } from '../../../contract/intake.ts'
import type { InboxSummary } from '../../../contract/rows/inbox.ts'
import type { OutputOf } from '../../../contract/table.ts'
import type { SubjectId } from '../../../contract/types.ts'
import type { StationClient } from '../../client/client.ts'
import { useOperator } from '../../state/operator.ts'
import { call, refusalFor, useStation } from '../../state/station.ts'
import { forgetChosen } from '../decision/choices.ts'
import { type Decision, decideAs } from '../enrol/duplicate.ts'

export type OpenCase = OutputOf<'inbox.open'>

interface InboxState {
  /** How much waits; undefined for roles that decide nothing. */
  readonly waiting: number | undefined
  readonly items: readonly InboxSummary[] | undefined
  readonly cursor: number | undefined
  readonly chosen: DraftId | undefined
  readonly opened: OpenCase | undefined
  readonly busy: boolean
  readonly refusal: Refusal | undefined
  /** What was decided last; `undo`: the subject that got a version which can be taken back. */
  readonly told: Told | undefined
}

export type Told =
  | { readonly kind: 'decided'; readonly answer: OutputOf<'inbox.decide'>; readonly undo: SubjectId | undefined }
  | { readonly kind: 'gone' }
  | { readonly kind: 'newCandidates' }
  | { readonly kind: 'undone'; readonly id: SubjectId }

const fresh: InboxState = {
  waiting: undefined,
  items: undefined,
  cursor: undefined,
  chosen: undefined,
  opened: undefined,
  busy: false,
  refusal: undefined,
  told: undefined,
}

export const useInbox = create<InboxState>()(() => fresh)
const { getState, setState } = useInbox

const pageLength = 50
/** Whether the screen is there to be told of changes. */
let shown = false

function mayDecide(): boolean {
  const { current } = useOperator.getState()
  if (current === undefined || useStation.getState().vault?.state !== 'open') return false
  if (!current.needed) return true
  return current.state === 'signedIn' && (current.role === 'supervisor' || current.role === 'administrator')
}

async function refreshCount(): Promise<void> {
  if (!mayDecide()) return setState({ waiting: undefined })
  try {
    setState({ waiting: (await call('inbox.count', {})).waiting })
  } catch (error) {
    refusalFor(error)
  }
}

/** Follows what waits, once, at the start. */
export function followInbox(client: StationClient): void {
  client.onEvent((name) => {
    if (name !== 'inbox.changed') return
    void refreshCount()
    if (shown) void refreshItems()
  })
  useOperator.subscribe(({ current }, before) => {
    if (current === before.current) return
    // What one account saw is not for the next.
    if (current?.operator !== before.current?.operator) setState({ ...fresh, waiting: getState().waiting })
    void refreshCount()
  })
}

/** The screen opens. @returns ends it */
export function showInbox(): () => void {
  shown = true
  void refreshItems()
  return () => {
    shown = false
    setState({ opened: undefined, told: undefined, refusal: undefined })
    forgetChosen()
  }
}

/** Reads the first pages anew, as far as they were shown; what is open and gone meanwhile is closed with a word. */
export async function refreshItems(): Promise<void> {
  const wanted = Math.max(pageLength, getState().items?.length ?? 0)
  try {
    const { items, waiting, cursor } = await call('inbox.list', { limit: Math.min(wanted, 100) })
    const { opened, chosen, busy } = getState()
    const isThere = (id: DraftId | undefined) => items.some(({ item }) => item === id)
    const gone = opened !== undefined && !busy && !isThere(opened.item) && cursor === undefined
    setState({
      items,
      waiting,
      cursor,
      chosen: isThere(chosen) ? chosen : items[0]?.item,
      ...(gone ? { opened: undefined, told: { kind: 'gone' } as const } : {}),
    })
    if (gone) forgetChosen()
  } catch (error) {
    setState({ refusal: refusalFor(error) })
  }
}

export async function showMore(): Promise<void> {
  const { cursor, items = [] } = getState()
  if (cursor === undefined) return
  await busyWith(async () => {
    const page = await call('inbox.list', { limit: pageLength, cursor })
    setState({ items: [...items, ...page.items], waiting: page.waiting, cursor: page.cursor })
  })
}

export function chooseItem(item: DraftId): void {
  if (getState().opened?.item !== item) {
    setState({ opened: undefined, refusal: undefined })
    forgetChosen()
  }
  setState({ chosen: item })
}

/** Chooses the one before or after. */
export function stepItem(step: 1 | -1): void {
  const { items = [], chosen } = getState()
  const at = items.findIndex(({ item }) => item === chosen)
  const next = items[Math.min(items.length - 1, Math.max(0, at + step))]
  if (next !== undefined) chooseItem(next.item)
}

/** Reads the case with its pictures: that is written to the audit chain. */
export async function openItem(item: DraftId): Promise<void> {
  chooseItem(item)
  setState({ told: undefined })
  await busyWith(async () => {
    const opened = await call('inbox.open', { item })
    if (getState().chosen === item) setState({ opened })
  })
}

export function closeItem(): void {
  setState({ opened: undefined, refusal: undefined })
  forgetChosen()
}

export const closeRefusal = () => setState({ refusal: undefined })

/** Records what was decided on the open case. */
export async function decide(decision: Decision): Promise<void> {
  const { opened } = getState()
  if (opened === undefined) return
  await busyWith(async () => {
    const answer = await decideAs({ ...decision, item: opened.item }, undefined)
    // A new version of a known subject can be taken back; an enrolment is ended by erasure alone, and a rejection destroyed what waited.
    setState({
      opened: undefined,
      told: { kind: 'decided', answer, undo: answer.decision === 'same' ? (answer.id ?? undefined) : undefined },
    })
    forgetChosen()
  })
  await refreshItems()
}

/** Puts the version of before in use again. */
export async function undo(id: SubjectId): Promise<void> {
  await busyWith(async () => {
    const { history } = await call('subject.get', { id })
    const versions = [...new Set(history.map(({ version }) => version))].sort((a, b) => b - a)
    const before = versions[1]
    if (before === undefined) throw new VultusError('reference.unknown')
    await call('reference.rollBack', { id, toVersion: before })
    setState({ told: { kind: 'undone', id } })
  })
}

async function busyWith(work: () => Promise<void>): Promise<void> {
  if (getState().busy) return
  setState({ busy: true, refusal: undefined })
  try {
    await work()
  } catch (error) {
    await tell(error)
  } finally {
    setState({ busy: false })
  }
}

async function tell(error: unknown): Promise<void> {
  const code = error instanceof VultusError ? error.code : undefined
  const { opened } = getState()
  if (code === 'draft.unknown') {
    setState({ opened: undefined, told: { kind: 'gone' } })
    forgetChosen()
    return await refreshItems()
  }
  if (code === 'inbox.newCandidates' && opened !== undefined) {
    setState({ told: { kind: 'newCandidates' }, opened: await call('inbox.open', { item: opened.item }) })
    return forgetChosen()
  }
  setState({ refusal: refusalFor(error) })
}
