/**
 * The open vault: the only truth.
 *
 * 1. Every method of its parts is one transaction; what it returned is durable.
 * 2. An effect and its audit entry are committed together or not at all.
 * 3. After close nothing can be read or written, and no write-ahead log remains.
 */
import type Database from 'better-sqlite3'
import type { VaultKind } from '../contract/types.ts'
import { AuditLog } from './auditLog.ts'
import { AuditReading } from './auditReading.ts'
import { AuditTrail } from './auditTrail.ts'
import { Backups } from './backup/backups.ts'
import { Checkpointer } from './checkpoint.ts'
import { Clients } from './clients.ts'
import { dateableMs } from './dateable.ts'
import { Drafts } from './drafts.ts'
import { Duplicates } from './duplicates.ts'
import { Enrolments } from './enrolments.ts'
import { Epochs } from './epochs.ts'
import { Erasure } from './erasure.ts'
import { Erasures } from './erasures.ts'
import { guarded } from './failure.ts'
import { Forms } from './forms.ts'
import { Galleries } from './galleries.ts'
import { IdleWork } from './idle.ts'
import { Imports } from './imports.ts'
import { Jobs } from './jobs.ts'
import type { VaultKeys } from './keys/derive.ts'
import { Maintenance } from './maintenance.ts'
import { ModelReferences } from './modelReferences.ts'
import { Operators } from './operators.ts'
import { PageCheck } from './pageCheck.ts'
import type { RandomSource } from './random.ts'
import { Recovery } from './recovery.ts'
import { ReferenceReading } from './referenceReading.ts'
import { Rotation } from './rotation.ts'
import { RowDigest } from './rowDigest.ts'
import { Sealer } from './seal.ts'
import { Sealing } from './sealing.ts'
import type { Segments } from './segments.ts'
import { Settings } from './settings.ts'
import { StoredTemplates } from './storedTemplates.ts'
import { storesOf } from './stores.ts'
import { SubjectReading } from './subjectReading.ts'
import { SubjectRights } from './subjectRights.ts'
import type { Subjects } from './subjects.ts'
import { VaultTransactions } from './transactions.ts'
import { Upkeep } from './upkeep.ts'
import { VersionChanges } from './versionChanges.ts'
import { Versions } from './versions.ts'
import { VersionsTogether } from './versionsTogether.ts'
import { VersionWriter } from './versionWriter.ts'

/** What an open vault is made of; openVault and initVault put it together. */
export interface VaultParts {
  readonly vaultId: string
  readonly kind: VaultKind
  /** Of the header; without it the header cannot be changed. */
  readonly folder?: string | undefined
  readonly database: Database.Database
  readonly keys: VaultKeys
  readonly random: RandomSource
  readonly nowMs: () => number
  /** Whether the root key is in the keychain, so that the audit chain may be anchored there; false where left out. */
  readonly keychain?: boolean | undefined
  /** Reference numbers that a segment of the gallery covers. */
  readonly segmentRows?: number | undefined
}

export class Vault {
  readonly id: string
  readonly kind: VaultKind
  readonly enrolments: Enrolments
  /** Templates without a picture, of the service endpoints. */
  readonly storedTemplates: StoredTemplates
  readonly subjects: SubjectReading
  readonly references: ReferenceReading
  /** Older versions of references. */
  readonly versions: VersionChanges
  /** Correction of subjects, and restriction of processing. */
  readonly rights: SubjectRights
  readonly erasures: Erasures
  readonly galleries: Galleries
  readonly audit: AuditTrail
  readonly upkeep: Upkeep
  readonly settings: Settings
  readonly jobs: Jobs
  readonly rotation: Rotation
  readonly duplicates: Duplicates
  readonly imports: Imports
  /** References of several models beside each other. */
  readonly models: ModelReferences
  /** The form policies of the site. */
  readonly forms: Forms
  /** Enrolments that are not finished. */
  readonly drafts: Drafts
  readonly sealing: Sealing
  readonly recovery: Recovery
  readonly backups: Backups
  /** Accounts, and signing in. */
  readonly operators: Operators
  /** Programs of integrators. */
  readonly clients: Clients
  readonly #parts: VaultParts
  readonly #transactions: VaultTransactions
  readonly #audit: AuditLog
  readonly #subjects: Subjects
  readonly #together: VersionsTogether
  readonly #segments: Segments
  readonly #idle: IdleWork
  readonly #checkpointer: Checkpointer
  readonly #pageCheck: PageCheck | undefined

  constructor(parts: VaultParts) {
    const { vaultId, database, keys, random, folder } = parts
    this.#parts = parts
    this.id = vaultId
    this.kind = parts.kind
    const nowMs = () => dateableMs(parts.nowMs())
    const sealer = new Sealer(random)
    const rows = new RowDigest(database, keys)
    this.#audit = new AuditLog({ ...parts, sealer, nowMs })
    this.#checkpointer = new Checkpointer(database)
    this.#idle = new IdleWork(() => this.upkeep.workIdly())
    const onEnd = (committed: boolean) => {
      this.#subjects.ended(committed)
      if (committed) this.#idle.note()
    }
    this.#transactions = new VaultTransactions({ database, rows, audit: this.#audit, checkpointer: this.#checkpointer, nowMs, onEnd })
    const transactions = this.#transactions
    const epochs = new Epochs({ database, root: keys.root, vaultId, random })
    const stores = storesOf({ ...parts, epochs, sealer })
    this.#subjects = stores.subjects
    this.#segments = stores.segments
    const common = { ...parts, ...stores, nowMs, sealer, epochs, transactions, audit: this.#audit }

    this.settings = new Settings(database, transactions)
    this.sealing = new Sealing(database, transactions, sealer)
    this.forms = new Forms(database, transactions)
    this.drafts = new Drafts({ ...common, key: keys.drafts, blindIndex: keys.blindIndex, settings: this.settings })
    this.jobs = new Jobs(database, transactions, random)
    const working = { ...common, jobs: this.jobs, settings: this.settings, drafts: this.drafts }
    this.rotation = new Rotation(working)
    this.models = new ModelReferences(working)
    this.duplicates = new Duplicates(working)

    const versions = new Versions(stores)
    this.#together = new VersionsTogether({ ...common, versions })
    const writer = new VersionWriter({ ...working, versions, together: this.#together })
    this.enrolments = new Enrolments({ ...common, writer })
    this.storedTemplates = new StoredTemplates({ ...common, writer })
    this.versions = new VersionChanges({ ...working, versions, duplicates: this.duplicates })
    this.imports = new Imports({
      ...working,
      enrol: ({ references, ...change }) => {
        writer.assertContents(references)
        return writer.write({ ...change, origin: 'enrolled', contents: references }, nowMs())
      },
    })
    this.subjects = new SubjectReading(working)
    this.references = new ReferenceReading(common)
    this.rights = new SubjectRights({ ...working, versions, duplicates: this.duplicates })

    const erasure = new Erasure(working)
    this.backups = new Backups({
      parts,
      transactions,
      settings: this.settings,
      renewCertificates: (followed, atMs) => erasure.renew(followed, atMs),
      open: ({ header, ...copy }) => new Vault({ vaultId: header.vaultId, kind: header.kind, ...copy, random, nowMs: parts.nowMs }),
    })
    this.erasures = new Erasures({ ...common, erasure, backups: this.backups })
    this.galleries = new Galleries({ ...common, noteWork: () => this.#idle.note() })
    this.audit = new AuditTrail({ ...common, auditReading: new AuditReading(database, this.#audit, vaultId) })
    this.#pageCheck = folder === undefined ? undefined : new PageCheck({ ...parts, folder, checkpointer: this.#checkpointer })
    const maintenance = new Maintenance({
      ...working,
      verifyAudit: () => transactions.readInTurns(() => this.#audit.verification()),
      checkCopy: async (problemsMax) => await this.#pageCheck?.run(problemsMax),
      rows,
      write: (run) => transactions.write(run),
    })
    this.upkeep = new Upkeep({ ...working, maintenance, rows, galleries: this.galleries, backups: this.backups })

    if (epochs.none) transactions.write(() => epochs.startFirst(nowMs()))
    this.recovery = new Recovery({ ...common, folder })
    this.recovery.reconcile()
    this.operators = new Operators(common)
    this.clients = new Clients(common)
    this.#idle.note()
  }

  get isOpen(): boolean {
    return this.#parts.database.open
  }

  /** Lends what a copy of the file needs, and refuses writes until the copying is over. @throws vault.busy where one is made already */
  lendForCopy(): { parts: VaultParts; over: () => void } {
    return { parts: this.#parts, over: this.#transactions.holdWrites() }
  }

  /** Moves the write-ahead log into the database and lets go of the lock and of unwrapped keys. May be called twice. */
  close(): void {
    this.#stopWork()
    if (this.isOpen) {
      this.operators.flushRecords('command')
      this.#audit.close(this.#transactions.nowMs())
    }
    this.#end()
  }

  /** Closes without a last word, after a copy has taken the database's place: what is written now would be lost. */
  abandon(): void {
    this.#stopWork()
    this.#audit.abandon()
    this.#end()
  }

  #stopWork(): void {
    this.#segments.close()
    this.#together.endThread()
    this.#idle.stop()
    this.#checkpointer.stop()
    this.#pageCheck?.stop()
  }

  #end(): void {
    guarded(() => this.#parts.database.close())
    this.#subjects.dropCaches()
    this.#pageCheck?.close()
  }
}
