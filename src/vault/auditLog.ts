/**
 * The audit log of a vault: the chain, its signed checkpoints, their anchors, and what is read of it.
 *
 * 1. Whoever appends is in the transaction of the effect; a checkpoint that falls due is committed with it.
 * 2. Reports never change what they report.
 */
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { AuditEntry } from '../contract/records.ts'
import type { AnchorReport, AuditReport, CheckpointAnswer, StationKeySummary, WitnessAnswer } from '../contract/rows/audit.ts'
import { keychainAnchor } from './anchorKeychain.ts'
import { type AnchorPlace, Anchors } from './anchors.ts'
import { type Appended, AuditChain, type AuditHead, type AuditVerdict } from './audit.ts'
import { AuditCheckpoints, type Checkpoint, checkpointOfLine, lineOf, recordsPerCheckpoint } from './auditCheckpoints.ts'
import { databasePath } from './folder.ts'
import type { VaultKeys } from './keys/derive.ts'
import type { RandomSource } from './random.ts'
import type { Sealer } from './seal.ts'
import { StationKey } from './stationKey.ts'
import { atOnce, type Steps } from './turns.ts'
import { prepareWitness, witnessAnchor } from './witness.ts'

export interface AuditLogParts {
  readonly database: Database.Database
  readonly keys: VaultKeys
  readonly vaultId: string
  readonly sealer: Sealer
  readonly random: RandomSource
  readonly nowMs: () => number
  /** Whether the root key is in the keychain, so that an anchor may be kept beside it. */
  readonly keychain?: boolean | undefined
}

/** A change of where checkpoints are witnessed. */
export interface WitnessChange {
  readonly file?: string | undefined
  readonly remove: boolean
  readonly accept: boolean
}

export class AuditLog {
  readonly stationKey: StationKey
  readonly #database: Database.Database
  readonly #chain: AuditChain
  readonly #checkpoints: AuditCheckpoints
  readonly #anchors: Anchors
  readonly #vaultId: string
  readonly #witness: Database.Statement<[], string | null>
  readonly #setWitness: Database.Statement<[string | null]>

  constructor(parts: AuditLogParts) {
    const { database, keys, vaultId, keychain = false, nowMs } = parts
    this.#database = database
    this.#vaultId = vaultId
    this.#chain = new AuditChain(database, keys.audit, vaultId)
    const known = StationKey.load(database, keys.stationKeySealing, vaultId)
    this.stationKey =
      known ?? database.transaction(() => StationKey.make(database, { ...parts, sealingKey: keys.stationKeySealing })).immediate()
    this.#checkpoints = new AuditCheckpoints(database, this.stationKey, vaultId)
    this.#witness = database.prepare<[], string | null>('SELECT file FROM audit_witness WHERE only_row = 1').pluck()
    this.#setWitness = database.prepare('UPDATE audit_witness SET file = ? WHERE only_row = 1')
    const inKeychain = keychain ? [keychainAnchor(vaultId)] : []
    // A copy under another name may never become the vault: what only it holds must not be anchored.
    const isCopy = database.name !== databasePath(dirname(database.name))
    this.#anchors = new Anchors({
      places: () => (isCopy ? [] : [...inKeychain, ...this.#witnesses()]),
      checkpoints: this.#checkpoints,
      agrees: (checkpoint) => this.#agrees(checkpoint),
    })
    // From the first checkpoint on a chain cannot be cut off unnoticed, so a new key signs one at once.
    if (this.#checkpoints.newestRecords < 0) {
      database.transaction(() => this.#checkpoint(nowMs())).immediate()
      this.#anchors.publish()
    }
  }

  /** Appends an entry; the caller is in the transaction of its effect. @throws audit.broken where the head does not verify */
  append(entry: AuditEntry, nowMs: number): Appended {
    const appended = this.#chain.append(entry, nowMs)
    if (appended.records - this.#checkpoints.newestRecords >= recordsPerCheckpoint) this.#checkpoints.add(appended, appended.atMs)
    return appended
  }

  /** After a commit: a new checkpoint is anchored soon. */
  noteCommit(): void {
    this.#anchors.noteCommit()
  }

  /** Before the database is closed: signs what no checkpoint covers and anchors it. Never keeps a vault from closing. */
  close(nowMs: number): void {
    try {
      this.#database.transaction(() => this.#checkpoint(nowMs)).immediate()
    } catch {
      // A disk that is full or gone; the next opening goes on from the last checkpoint.
    }
    this.#anchors.publish()
    this.#anchors.stop()
  }

  /** The database is being closed without a last record: nothing is anchored any more. */
  abandon(): void {
    this.#anchors.stop()
  }

  /** What the database alone says: every record, the head, every checkpoint, in steps. */
  *verification(): Steps<AuditVerdict> {
    const { ok, records, firstBad, badCheckpoint } = yield* this.#verifyAll()
    return { ok: ok && badCheckpoint === null, records, firstBad }
  }

  /**
   * Checks the chain, its checkpoints and its anchors, in steps.
   * @param given text with checkpoints that somebody kept: a printout or lines of a witness
   * @throws request.invalid where the text has no checkpoint
   */
  *report(given: string | undefined): Steps<AuditReport> {
    const kept = given === undefined ? [] : [yield* this.#anchors.compare('given', this.#checkpointsIn(given))]
    const chain = yield* this.#verifyAll()
    const anchors = [...(yield* this.#anchors.report()), ...kept]
    const anchored = Math.max(0, ...anchors.map(({ state, records }) => (state === 'agrees' ? (records ?? 0) : 0)))
    return {
      ok: chain.ok && chain.badCheckpoint === null && anchors.every(({ state }) => state !== 'contradicting'),
      records: chain.records,
      firstBad: chain.firstBad,
      checkpoints: chain.checkpoints,
      badCheckpoint: chain.badCheckpoint,
      anchors,
      unanchored: Math.max(0, chain.records - anchored),
      stationKey: this.stationKey.summary,
    }
  }

  /** Signs the head where no checkpoint covers it yet; the caller is in a transaction. @throws audit.broken */
  checkpoint(nowMs: number): Checkpoint {
    this.#checkpoint(nowMs)
    const newest = this.#checkpoints.newest()
    if (newest === undefined) throw new VultusError('audit.broken')
    return newest
  }

  /** A checkpoint over all records, for people to keep; the caller is in a transaction. @throws audit.broken */
  checkpointAnswer(nowMs: number): CheckpointAnswer {
    const checkpoint = this.checkpoint(nowMs)
    const { text: _, signature: __, ...body } = checkpoint
    return { ...body, stationKey: this.stationKey.summary, line: lineOf(checkpoint) }
  }

  /** Checkpoints with more records than the one number and at most the other, ascending. */
  checkpointsBetween(above: number, atMost: number): Checkpoint[] {
    return this.#checkpoints.between(above, atMost)
  }

  /** How many checkpoints there are over at most so many records. */
  checkpointCount(atMost: number): number {
    return this.#checkpoints.count(atMost)
  }

  /** In records with larger numbers time never goes back. */
  get orderedAfter(): number {
    return this.#checkpoints.firstRecords ?? Number.MAX_SAFE_INTEGER
  }

  /** Hash of a record, or undefined where there is none. */
  hashAt(records: number): Buffer | undefined {
    return this.#chain.hashAt(records)
  }

  /**
   * Changes where checkpoints are witnessed; the caller is in a transaction.
   * @throws audit.witnessUnusable
   */
  setWitness({ file, remove }: WitnessChange): void {
    if (remove) this.#setWitness.run(null)
    else if (file !== undefined) this.#setWitness.run(prepareWitness(file, dirname(this.#database.name)))
  }

  /** After that was committed: anchors now; with accept also where an anchor contradicts. */
  anchorNow(accept: boolean): WitnessAnswer {
    if (accept) this.#anchors.accept()
    this.#anchors.publish(true)
    return { file: this.#witness.get() ?? null, anchors: this.anchors() }
  }

  anchors(): AnchorReport[] {
    return atOnce(this.#anchors.report())
  }

  get summary(): StationKeySummary {
    return this.stationKey.summary
  }

  #witnesses(): AnchorPlace[] {
    const file = this.#witness.get() ?? null
    return file === null ? [] : [witnessAnchor(file, this.#vaultId)]
  }

  #checkpoint(nowMs: number): void {
    const head: AuditHead | undefined = this.#chain.head()
    if (head === undefined || head.records <= this.#checkpoints.newestRecords) return
    this.#checkpoints.add(head, Math.max(nowMs, this.#chain.timeOf(head)))
  }

  *#verifyAll(): Steps<AuditVerdict & { checkpoints: number; badCheckpoint: number | null }> {
    const chain = yield* this.#chain.verification(this.#checkpoints.firstRecords ?? 0)
    const { count, bad } = yield* this.#checkpoints.verification((checkpoint) => this.#agrees(checkpoint), chain.records)
    return { ...chain, checkpoints: count, badCheckpoint: bad }
  }

  #agrees({ records, headHash }: Checkpoint): boolean {
    return this.#chain.hashAt(records)?.toString('hex') === headHash
  }

  /** Those of this vault; where there are none, those of others, which then contradict. */
  #checkpointsIn(text: string): Checkpoint[] {
    const all = text.split(/\r?\n/).flatMap((line) => checkpointOfLine(line.trim()) ?? [])
    if (all.length === 0) throw new VultusError('request.invalid', 'the text has no checkpoint')
    const ours = all.filter(({ vaultId }) => vaultId === this.#vaultId)
    return ours.length > 0 ? ours : all
  }
}
