/**
 * Enrolments that are not finished: drafts of operators, and what waits for a supervisor.
 *
 * 1. Each belongs to whoever began it. Who asks for one that is not theirs, or that has expired, hears that there is none.
 * 2. What completes one takes it away in the transaction of its effect.
 * 3. After its time each goes by itself, with an entry that names nobody.
 * 4. Nobody who is erased is left in one, neither as its subject nor as a candidate.
 */

import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { DraftClaim, DraftRecord, DraftState, WaitingCandidate } from '../contract/draftRecords.ts'
import { VultusError } from '../contract/errors.ts'
import { type DraftContent, intakeLimits, type WaitingContent } from '../contract/intake.ts'
import type { KeptCapture } from '../contract/processes.ts'
import type { AuditEntry } from '../contract/records.ts'
import { type DraftBody, type DraftHead, type DraftRow, DraftRows } from './draftRows.ts'
import { type RandomSource, randomId } from './random.ts'
import { unrestricted } from './restrictions.ts'
import type { Sealer } from './seal.ts'
import type { Settings } from './settings.ts'
import { idIndexOf, type Subjects } from './subjects.ts'
import type { Transactions } from './transactions.ts'

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs
const isoOf = (ms: number) => new Date(ms).toISOString()

interface NewWaiting {
  readonly state: 'duplicate' | 'exception'
  readonly owner: string | null
  readonly content: WaitingContent
  readonly captures: readonly KeptCapture[]
  readonly proof: Uint8Array | null
  readonly candidates: readonly WaitingCandidate[]
  /** The draft that it was. */
  readonly takes?: DraftClaim | undefined
  readonly audit: AuditEntry
}

export interface DraftsParts {
  readonly database: Database.Database
  readonly key: KeyObject
  readonly blindIndex: KeyObject
  readonly transactions: Transactions
  readonly sealer: Sealer
  readonly random: RandomSource
  readonly settings: Settings
  readonly subjects: Subjects
}

/** The entry of what goes by itself. */
const byItself: AuditEntry = {
  event: 'draft.discard',
  actor: { role: 'administrator', door: 'command' },
  outcome: 'done',
  details: { byItself: true },
}

export class Drafts {
  readonly #parts: DraftsParts
  readonly #rows: DraftRows
  readonly #count: Database.Statement<[string], { all: number; owned: number }>
  readonly #page: Database.Statement<[number, number, number], DraftRow>
  readonly #waiting: Database.Statement<[number], number>
  readonly #expired: Database.Statement<[number], { draft_no: number; state: DraftState }>
  readonly #next: Database.Statement<[], number | null>
  readonly #ofId: Database.Statement<[Buffer], number>
  readonly #addCandidate: Database.Statement<[number, number, number]>
  readonly #dropCandidates: Database.Statement<[number]>
  readonly #candidates: Database.Statement<[number], { subject_no: number; score: number }>

  constructor(parts: DraftsParts) {
    const { database, key, sealer, random } = parts
    this.#parts = parts
    this.#rows = new DraftRows(database, key, sealer, random)
    this.#count = database.prepare(`SELECT count(*) AS "all", coalesce(sum(state = 'draft' AND owner = ?), 0) AS owned FROM drafts`)
    this.#page = database.prepare('SELECT * FROM drafts WHERE draft_no > ? AND expires_ms > ? ORDER BY draft_no LIMIT ?')
    this.#waiting = database.prepare<[number], number>(`SELECT count(*) FROM drafts WHERE state <> 'draft' AND expires_ms > ?`).pluck()
    this.#expired = database.prepare('SELECT draft_no, state FROM drafts WHERE expires_ms <= ?')
    this.#next = database.prepare<[], number | null>('SELECT min(expires_ms) FROM drafts').pluck()
    this.#ofId = database.prepare<[Buffer], number>('SELECT draft_no FROM drafts WHERE id_index = ?').pluck()
    this.#addCandidate = database.prepare('INSERT OR IGNORE INTO draft_candidates (draft_no, subject_no, score) VALUES (?, ?, ?)')
    this.#dropCandidates = database.prepare('DELETE FROM draft_candidates WHERE draft_no = ?')
    // Whose processing was restricted since is named to nobody; once that is lifted, they are there again.
    this.#candidates = database.prepare(`SELECT subject_no, score FROM draft_candidates c
      WHERE draft_no = ? AND ${unrestricted('c')} ORDER BY score DESC, subject_no`)
  }

  /**
   * Keeps a draft: a new one, or what one of the owner's holds from now on. Only a new one has its entry.
   * @throws draft.unknown, draft.tooMany, request.tooLarge
   */
  save(change: {
    id?: string | undefined
    owner: string | null
    content: DraftContent
    captures: readonly KeptCapture[]
    proof: Uint8Array | null
    audit: AuditEntry
  }): DraftRecord<DraftContent> {
    const { transactions, settings } = this.#parts
    const { id, owner, content, captures, proof, audit } = change
    return transactions.write(() => {
      const nowMs = transactions.nowMs()
      const known = id === undefined ? undefined : this.#rowOf({ id, states: ['draft'], owner })
      const head = {
        ...(known ?? this.#newHead('draft', owner, nowMs)),
        id_index: this.#indexOf(content.id),
        expires_ms: nowMs + settings.get('drafts.keptHours') * hourMs,
      }
      const body = { content, changedMs: nowMs, captures, proof }
      this.#rows.put(head, body)
      if (known === undefined) transactions.audit({ ...audit, details: { ...audit.details, draft: head.draft_id } })
      return recordOf(head, body)
    })
  }

  /** Leaves an enrolment to a supervisor. @returns its id @throws draft.unknown, draft.tooMany, request.tooLarge */
  leave({ state, owner, content, captures, proof, candidates, takes, audit }: NewWaiting): string {
    const { transactions, settings, subjects } = this.#parts
    return transactions.write(() => {
      const nowMs = transactions.nowMs()
      if (takes !== undefined) this.take(takes)
      const head = {
        ...this.#newHead(state, owner, nowMs),
        id_index: this.#indexOf(content.id),
        expires_ms: nowMs + settings.get('inbox.keptDays') * dayMs,
      }
      this.#rows.put(head, { content, changedMs: nowMs, captures, proof })
      for (const { id, comparisonScore } of candidates) {
        const subject = subjects.find(id)
        // Who was erased since the search is no candidate any more.
        if (subject !== undefined) this.#addCandidate.run(head.draft_no, subject.subject_no, comparisonScore)
      }
      transactions.audit({ ...audit, details: { ...audit.details, item: head.draft_id, candidates: candidates.length } })
      return head.draft_id
    })
  }

  /** In the order in which they came; after is of the page before, 0 for the first. */
  list<Content>(page: { states: readonly DraftState[]; owner: string | null | 'everybody'; limit: number; after: number }): {
    records: DraftRecord<Content>[]
    after: number | null
  } {
    const { transactions } = this.#parts
    return transactions.read(() => {
      const records: DraftRecord<Content>[] = []
      let { after } = page
      for (;;) {
        const rows = this.#page.all(after, transactions.nowMs(), page.limit)
        for (const row of rows) {
          after = row.draft_no
          if (!isOf(row, page)) continue
          records.push(recordOf(row, this.#rows.open<Content>(row)))
          if (records.length === page.limit) return { records, after }
        }
        if (rows.length < page.limit) return { records, after: null }
      }
    })
  }

  /** How many wait for a supervisor. */
  waiting(): number {
    return this.#parts.transactions.read(() => this.#waiting.get(this.#parts.transactions.nowMs()) ?? 0)
  }

  /** @throws draft.unknown, vault.damaged */
  open<Content>(claim: DraftClaim): DraftRecord<Content> {
    return this.#parts.transactions.read(() => {
      const row = this.#rowOf(claim)
      return recordOf(row, this.#rows.open<Content>(row))
    })
  }

  /** Subjects that somebody who waits looks like, the most similar first. */
  candidatesOf(id: string): WaitingCandidate[] {
    return this.#parts.transactions.read(() => {
      const row = this.#rows.byId(id)
      return row === undefined ? [] : this.#candidatesOf(row.draft_no)
    })
  }

  /** @throws draft.unknown */
  discard(claim: DraftClaim, audit: AuditEntry): void {
    const { transactions } = this.#parts
    transactions.write(() => {
      this.take(claim)
      transactions.audit({ ...audit, details: { ...audit.details, draft: claim.id } })
    })
    transactions.emptyLog()
  }

  /** Notes who it looks like by now. The entry is that of the refusal which tells it. @throws draft.unknown */
  replaceCandidates(id: string, candidates: readonly WaitingCandidate[]): void {
    const { transactions, subjects } = this.#parts
    transactions.write(() => {
      const { draft_no } = this.#rowOf({ id, states: ['duplicate'], owner: 'everybody' })
      this.#dropCandidates.run(draft_no)
      for (const candidate of candidates) {
        const subject = subjects.find(candidate.id)
        if (subject !== undefined) this.#addCandidate.run(draft_no, subject.subject_no, candidate.comparisonScore)
      }
    })
  }

  /** Takes it away; the caller is in the transaction of what completes it. @throws draft.unknown */
  take(claim: DraftClaim): void {
    this.#rows.remove(this.#rowOf(claim).draft_no)
  }

  /** Takes away what was begun of a subject who is erased; the caller is in that transaction. */
  eraseOf(id: string): void {
    for (const draftNo of this.#ofId.all(this.#indexOf(id))) this.#rows.remove(draftNo)
  }

  /** Removes what has expired, with one entry. @returns how many, and in how many milliseconds the next one expires */
  sweep(): { removed: number; nextMs: number | undefined } {
    const { transactions } = this.#parts
    const expired = transactions.read(() => this.#expired.all(transactions.nowMs()))
    if (expired.length > 0) {
      const drafts = expired.filter(({ state }) => state === 'draft').length
      transactions.write(() => {
        for (const { draft_no } of expired) this.#rows.remove(draft_no)
        transactions.audit({ ...byItself, details: { ...byItself.details, drafts, waiting: expired.length - drafts } })
      })
      transactions.emptyLog()
    }
    const next = transactions.read(() => this.#next.get() ?? null)
    return { removed: expired.length, nextMs: next === null ? undefined : Math.max(0, next - transactions.nowMs()) }
  }

  /** Opens the seal of the next one and keeps nothing. @returns its number, undefined behind the last @throws vault.damaged */
  verifyNext(after: number): number | undefined {
    const [row] = this.#page.all(after, 0, 1)
    if (row === undefined) return undefined
    for (const { sample } of this.#rows.open(row).captures) sample.template.fill(0)
    return row.draft_no
  }

  #newHead(state: DraftState, owner: string | null, nowMs: number): Omit<DraftHead, 'id_index' | 'expires_ms'> {
    const { all, owned } = this.#count.get(owner ?? '') as { all: number; owned: number }
    if (all >= intakeLimits.draftsMax || (state === 'draft' && owned >= intakeLimits.draftsPerOwnerMax)) {
      throw new VultusError('draft.tooMany', `${all >= intakeLimits.draftsMax ? intakeLimits.draftsMax : intakeLimits.draftsPerOwnerMax}`)
    }
    return { draft_no: this.#rows.nextNo(), draft_id: randomId(this.#parts.random), state, owner: owner ?? '', created_ms: nowMs }
  }

  #indexOf(id: string): Buffer {
    return idIndexOf(this.#parts.blindIndex, id)
  }

  #rowOf(claim: DraftClaim): DraftRow {
    const row = this.#rows.byId(claim.id)
    if (row === undefined || row.expires_ms <= this.#parts.transactions.nowMs() || !isOf(row, claim)) throw new VultusError('draft.unknown')
    return row
  }

  #candidatesOf(draftNo: number): WaitingCandidate[] {
    const { subjects } = this.#parts
    return this.#candidates.all(draftNo).flatMap(({ subject_no, score }) => {
      const subject = subjects.byNo(subject_no)
      return subject === undefined ? [] : [{ id: subjects.identityOf(subject).id, comparisonScore: score }]
    })
  }
}

const isOf = (row: DraftRow, { states, owner }: Pick<DraftClaim, 'states' | 'owner'>) =>
  states.includes(row.state) && (owner === 'everybody' || row.owner === (owner ?? ''))

function recordOf<Content>(head: DraftHead, { content, changedMs, captures, proof }: DraftBody<Content>): DraftRecord<Content> {
  return {
    id: head.draft_id,
    state: head.state,
    owner: head.owner === '' ? null : head.owner,
    createdAt: isoOf(head.created_ms),
    changedAt: isoOf(changedMs),
    expiresAt: isoOf(head.expires_ms),
    content,
    captures,
    proof,
  }
}
