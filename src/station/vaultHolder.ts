/** Opens the vault of the data folder once, remembers why it could not be opened, and closes it. */
import { type Refusal, refusalOf, VultusError } from '../contract/errors.ts'
import type { StationKeySummary } from '../contract/rows/audit.ts'
import type { KeyProviderName, VaultKind } from '../contract/types.ts'
import type { VaultPort } from '../operations/ports.ts'
import { initVault, keychainAvailable, openVault, vaultState } from '../vault/open.ts'

export interface VaultStatus {
  readonly state: 'missing' | 'locked' | 'open'
  readonly kind: VaultKind | null
  readonly key: KeyProviderName | null
  readonly keychainAvailable: boolean
  readonly problem: Refusal | null
  /** Of an open vault. */
  readonly stationKey: StationKeySummary | null
}

export class VaultHolder {
  readonly #folder: string
  readonly #onOpen: () => void
  #passphrase: string | undefined
  #vault: VaultPort | undefined
  #problem: VultusError | undefined
  #opening: Promise<VaultPort> | undefined

  constructor(options: { folder: string; passphrase: string | undefined; onOpen: () => void }) {
    this.#folder = options.folder
    this.#passphrase = options.passphrase
    this.#onOpen = options.onOpen
  }

  get opened(): VaultPort | undefined {
    return this.#vault
  }

  /** The open vault; opens it by itself where its key needs nobody (keychain) or the passphrase was given at start. */
  async need(): Promise<VaultPort> {
    if (this.#vault !== undefined) return this.#vault
    const { state, key } = vaultState(this.#folder)
    if (state === 'missing') throw new VultusError('vault.missing')
    if (this.#problem !== undefined) throw this.#problem
    if (key === 'passphrase' && this.#passphrase === undefined) throw new VultusError('vault.locked')
    return await this.#open(this.#passphrase)
  }

  async unlock(passphrase: string | undefined): Promise<VaultPort> {
    if (this.#vault !== undefined) return this.#vault
    if (vaultState(this.#folder).state === 'missing') throw new VultusError('vault.missing')
    return await this.#open(passphrase)
  }

  async init(options: { key: KeyProviderName; passphrase: string | undefined; kind: VaultKind }): Promise<VaultPort> {
    const passphrase = options.passphrase ?? this.#passphrase
    if (vaultState(this.#folder).state !== 'missing') throw new VultusError('vault.exists')
    if (options.key === 'passphrase' && passphrase === undefined) {
      throw new VultusError('request.invalid', 'a passphrase vault needs a passphrase (VULTUS_PASSPHRASE on the command line)')
    }
    this.#opening ??= initVault({
      folder: this.#folder,
      key: options.key,
      ...(options.key === 'passphrase' && passphrase !== undefined ? { passphrase } : {}),
      kind: options.kind,
      nowMs: Date.now,
    })
    return await this.#settle()
  }

  async status(): Promise<VaultStatus> {
    let problem: Refusal | null = null
    try {
      await this.need()
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
      problem,
      stationKey: opened?.stationKey ?? null,
    }
  }

  close(): void {
    this.#vault?.close()
    this.#vault = undefined
    this.#passphrase = undefined
  }

  async #open(passphrase: string | undefined): Promise<VaultPort> {
    this.#opening ??= openVault({ folder: this.#folder, ...(passphrase === undefined ? {} : { passphrase }), nowMs: Date.now })
    return await this.#settle()
  }

  async #settle(): Promise<VaultPort> {
    try {
      this.#vault = await (this.#opening as Promise<VaultPort>)
      this.#problem = undefined
    } catch (error) {
      // A vault that another process holds may be free the next time; every other problem stays until somebody unlocks.
      if (error instanceof VultusError && error.code !== 'vault.inUse') this.#problem = error
      throw error
    } finally {
      this.#opening = undefined
    }
    this.#onOpen()
    return this.#vault
  }
}
