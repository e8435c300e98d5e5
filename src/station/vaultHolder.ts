/**
 * Opens the vault of the data folder once, remembers why it could not be opened, and closes it.
 * 1. At most one opening runs; whoever asks meanwhile waits for it.
 * 2. After close no vault is open and none is opened, also where an opening was under way.
 * 3. The passphrase is kept only until a vault is open.
 */
import { type ErrorCode, type Refusal, refusalOf, VultusError } from '../contract/errors.ts'
import type { Job } from '../contract/jobs.ts'
import type { AuditEntry } from '../contract/records.ts'
import type { StationKeySummary } from '../contract/rows/audit.ts'
import { type KeyProviderName, needsPassphrase, type SealAlgorithm, type VaultKind } from '../contract/types.ts'
import { type Restored, type RestoreOptions, restoreVault } from '../vault/backup/restore.ts'
import { initVault, keychainAvailable, openVault, recoverVault, vaultState } from '../vault/open.ts'
import { rekeyVault } from '../vault/rekey.ts'
import type { Vault } from '../vault/vault.ts'
import type { JobWatch } from './jobs.ts'

export interface VaultStatus {
  readonly state: 'missing' | 'locked' | 'open'
  readonly kind: VaultKind | null
  readonly key: KeyProviderName | null
  readonly keychainAvailable: boolean
  readonly recovery: 'none' | 'unconfirmed' | 'confirmed' | null
  readonly problem: Refusal | null
  /** Of an open vault. */
  readonly stationKey: StationKeySummary | null
}

/** Problems that opening again would only repeat, at the cost of a key derivation. */
const lasting: readonly ErrorCode[] = ['vault.wrongKey', 'vault.damaged', 'vault.tooNew']

export class VaultHolder {
  readonly #folder: string
  readonly #onOpen: () => void
  #passphrase: string | undefined
  #vault: Vault | undefined
  #problem: VultusError | undefined
  #opening: Promise<Vault> | undefined
  #copying: Promise<void> | undefined
  readonly #users = new Set<Promise<unknown>>()
  #closed = false

  constructor(options: { folder: string; passphrase: string | undefined; onOpen: () => void }) {
    this.#folder = options.folder
    this.#passphrase = options.passphrase
    this.#onOpen = options.onOpen
  }

  get opened(): Vault | undefined {
    return this.#vault
  }

  /** The open vault; opens it by itself where its key needs nobody (keychain) or the passphrase was given at start. */
  async need(): Promise<Vault> {
    if (this.#vault !== undefined) return this.#vault
    this.#refuseClosed()
    const { state, key } = vaultState(this.#folder)
    if (state === 'missing') throw new VultusError('vault.missing')
    if (this.#problem !== undefined) throw this.#problem
    if (needsPassphrase(key) && this.#passphrase === undefined) throw new VultusError('vault.locked')
    return await this.#open(this.#passphrase)
  }

  /** While the vault is copied under a new key: settles when that is over. */
  get copying(): Promise<void> | undefined {
    return this.#copying
  }

  /** Whether calls use the vault now. */
  get inUse(): boolean {
    return this.#users.size > 0
  }

  /** Runs what needs the open vault; while it is being copied this waits, unless it may run beside. */
  async use<T>(run: () => Promise<T>, duringCopy: boolean): Promise<T> {
    if (!duringCopy) await this.#copying
    await this.need()
    const running = run()
    if (duringCopy) return await running
    this.#users.add(running)
    try {
      return await running
    } finally {
      this.#users.delete(running)
    }
  }

  /**
   * Copies the vault under a new page key and puts the copy in its place. Waits for what is using the vault; what comes
   * later waits for the copy.
   * @returns the job that ended with it
   */
  async rekey(jobId: string, watch: JobWatch): Promise<Job> {
    const vault = this.#vault
    if (vault === undefined) throw new VultusError('vault.locked')
    let over: () => void = () => undefined
    this.#copying = new Promise((resolve) => {
      over = resolve
    })
    try {
      await Promise.allSettled(this.#users)
      const audit: AuditEntry = {
        event: 'vault.rekey',
        actor: vault.jobs.ownerOf(jobId),
        outcome: 'done',
        details: { job: jobId, phase: 'done' },
      }
      this.#vault = await rekeyVault(vault, { ...watch, jobId, audit })
      return this.#vault.jobs.get(jobId)
    } catch (error) {
      // A vault that was closed in the middle is opened anew by the next call.
      if (!vault.isOpen) this.#vault = undefined
      throw error
    } finally {
      this.#copying = undefined
      over()
    }
  }

  /** One backup into the folder that the schedule names, as the work of a job; where that wants none any more the job is done. */
  async backUp(jobId: string, watch: JobWatch): Promise<Job> {
    return await this.use(async () => {
      const { backups, jobs } = await this.need()
      const folder = backups.due()
      const audit: AuditEntry = { event: 'vault.backUp', actor: jobs.ownerOf(jobId), outcome: 'done', details: { job: jobId } }
      if (folder !== undefined) await backups.backUp({ folder, audit, watch })
      return jobs.setState(jobId, 'done')
    }, false)
  }

  /** Opens the vault with its recovery key and gives its key to a new provider. @throws what recoverVault throws */
  async recover(options: { recoveryKey: string; key: KeyProviderName; passphrase: string | undefined; audit: AuditEntry }): Promise<Vault> {
    this.#refuseClosed()
    // What is being opened meanwhile is another opening, without the recovery key.
    await this.#opening?.catch(() => undefined)
    if (this.#vault !== undefined) throw new VultusError('request.invalid', 'the vault is open; its key is not lost')
    const passphrase = this.#newPassphrase(options)
    this.#opening ??= recoverVault({ ...options, folder: this.#folder, passphrase, nowMs: Date.now })
    return await this.#settle()
  }

  /** Restores a backup into the data folder, which has no vault, and opens it. @throws what restoreVault throws */
  async restore(options: Omit<RestoreOptions, 'folder' | 'nowMs'>): Promise<Restored> {
    this.#refuseClosed()
    if (this.#vault !== undefined || vaultState(this.#folder).state !== 'missing') throw new VultusError('vault.exists')
    const passphrase = options.passphrase ?? this.#passphrase
    let restored: Restored | undefined
    const restoreAndOpen = async () => {
      restored = await restoreVault({ ...options, passphrase, folder: this.#folder, nowMs: Date.now })
      const vault = await openVault({ folder: this.#folder, passphrase, nowMs: Date.now })
      // The anchor in the keychain may know records that are lost; that is meant, and recorded.
      const audit: AuditEntry = { ...options.audit, event: 'audit.witness', details: { accept: true, restored: true } }
      vault.audit.witness({ remove: false, accept: true, audit })
      return vault
    }
    this.#opening ??= restoreAndOpen()
    await this.#settle()
    if (restored === undefined) throw new VultusError('vault.exists')
    return restored
  }

  async unlock(passphrase: string | undefined): Promise<Vault> {
    if (this.#vault !== undefined) return this.#vault
    this.#refuseClosed()
    if (vaultState(this.#folder).state === 'missing') throw new VultusError('vault.missing')
    return await this.#open(passphrase)
  }

  /** @returns the vault and its recovery key, this once; a demo vault has none */
  async init(options: {
    key: KeyProviderName
    passphrase: string | undefined
    kind: VaultKind
    algorithm: SealAlgorithm
  }): Promise<{ vault: Vault; recoveryKey: string | null }> {
    this.#refuseClosed()
    const passphrase = this.#newPassphrase(options)
    let recoveryKey: string | null = null
    if (this.#opening !== undefined || vaultState(this.#folder).state !== 'missing') throw new VultusError('vault.exists')
    this.#opening = initVault({
      folder: this.#folder,
      key: options.key,
      passphrase,
      kind: options.kind,
      algorithm: options.algorithm,
      nowMs: Date.now,
      onRecoveryKey: (made) => {
        recoveryKey = made
      },
    })
    return { vault: await this.#settle(), recoveryKey }
  }

  async status(): Promise<VaultStatus> {
    let problem: Refusal | null = null
    try {
      if (this.#vault === undefined) await this.need()
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal.code !== 'vault.missing' && refusal.code !== 'vault.locked') problem = refusal
    }
    const { state, kind, key } = vaultState(this.#folder)
    const opened = this.#vault
    return {
      state: opened !== undefined ? 'open' : state === 'missing' ? 'missing' : 'locked',
      kind: opened?.kind ?? kind,
      key,
      keychainAvailable: keychainAvailable(),
      recovery: opened?.recovery.state() ?? null,
      problem,
      stationKey: opened?.audit.stationKey ?? null,
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#passphrase = undefined
    await this.#opening?.catch(() => undefined)
    this.#vault?.close()
    this.#vault = undefined
  }

  #refuseClosed(): void {
    if (this.#closed) throw new VultusError('process.unavailable', 'the station is closing')
  }

  /** The passphrase that a new provider gets; undefined where it needs none. @throws request.invalid */
  #newPassphrase({ key, passphrase = this.#passphrase }: { key: KeyProviderName; passphrase: string | undefined }): string | undefined {
    if (!needsPassphrase(key)) return undefined
    if (passphrase !== undefined) return passphrase
    throw new VultusError('request.invalid', 'a passphrase vault needs a passphrase (VULTUS_PASSPHRASE on the command line)')
  }

  async #open(passphrase: string | undefined): Promise<Vault> {
    this.#opening ??= openVault({ folder: this.#folder, ...(passphrase === undefined ? {} : { passphrase }), nowMs: Date.now })
    return await this.#settle()
  }

  async #settle(): Promise<Vault> {
    const opening = this.#opening as Promise<Vault>
    try {
      const vault = await opening
      if (this.#vault === vault) return vault
      this.#vault = vault
      this.#problem = undefined
      this.#passphrase = undefined
    } catch (error) {
      // What another try cannot mend stays until somebody unlocks; a keychain, a disk or another process may be free the next time.
      if (error instanceof VultusError && lasting.includes(error.code)) this.#problem = error
      throw error
    } finally {
      if (this.#opening === opening) this.#opening = undefined
    }
    this.#onOpen()
    return this.#vault
  }
}
