/** The parts of a station, wired: two supervised processes, the vault, and the ports that operations get. */
import type { EventPayload } from '../contract/events.ts'
import type { MatcherFunctions } from '../contract/processes.ts'
import type { Actor } from '../contract/records.ts'
import type { ModelPorts } from '../operations/models.ts'
import type { Ports, VaultPort } from '../operations/ports.ts'
import type { StationOptions } from './api.ts'
import { BackupKeeper } from './backupKeeper.ts'
import { FacePart } from './facePart.ts'
import { Figures } from './figures.ts'
import { GalleryFeed } from './galleryFeed.ts'
import { Imports } from './imports/imports.ts'
import { jobKindsOf } from './jobKinds.ts'
import { JobRunner } from './jobs.ts'
import { SignIns } from './signIns.ts'
import { callTimeoutMs, Supervised } from './supervised.ts'
import { VaultHolder } from './vaultHolder.ts'

export interface PartsOptions extends StationOptions {
  readonly onHealth: (part: 'face' | 'matcher', state: 'ready' | 'restarting' | 'failed') => void
  readonly onGallery: (sequence: number) => void
  readonly onGalleryLoading: (rows: number, rowsExpected: number) => void
  readonly onVaultOpen: () => void
  readonly onJob: (progress: EventPayload<'job.progress'>) => void
  /** Somebody signed in, was locked or signed out, or an account changed. */
  readonly onSignIns: () => void
  /** Something waits for a supervisor, or does not wait any more. */
  readonly onInbox: () => void
  /** A window was locked because nobody used it. */
  readonly onIdleLock: (actor: Actor) => void
  readonly onLive: (packet: Uint8Array) => void
}

export class Parts {
  readonly face: FacePart
  readonly matcher: Supervised<MatcherFunctions>
  readonly figures: Figures
  readonly holder: VaultHolder
  readonly jobs: JobRunner
  readonly backupKeeper: BackupKeeper
  readonly imports = new Imports()
  readonly signIns: SignIns
  readonly onSignIns: () => void
  readonly onInbox: () => void
  readonly version: string
  readonly startedMs = Date.now()
  readonly #options: PartsOptions
  readonly #feed: GalleryFeed
  #lastCommit: Promise<unknown> = Promise.resolve()

  constructor(options: PartsOptions) {
    this.#options = options
    this.version = options.version
    const { log, spawn } = options
    const health = (part: 'face' | 'matcher') => (state: string) => {
      if (state === 'ready' || state === 'restarting' || state === 'failed') options.onHealth(part, state)
    }
    this.holder = new VaultHolder({
      folder: options.dataFolder,
      passphrase: options.passphrase,
      onOpen: () => {
        options.onVaultOpen()
        this.jobs.resumeAll()
        this.face.followVault()
        this.backupKeeper.start()
      },
    })
    this.face = new FacePart({ ...options, holder: this.holder, onState: health('face') })
    this.jobs = new JobRunner({
      kinds: jobKindsOf(this),
      vault: () => this.holder.opened,
      onProgress: options.onJob,
      log,
    })
    this.onSignIns = options.onSignIns
    this.onInbox = options.onInbox
    this.signIns = new SignIns({
      operators: () => this.holder.opened?.operators,
      clientByKey: (key) => this.holder.opened?.clients.byKey(key),
      nowMs: () => performance.now(),
      onIdleLock: options.onIdleLock,
      onLeft: () => this.holder.opened?.subjects.dropKeys(),
    })
    this.backupKeeper = new BackupKeeper({
      vault: () => this.holder.opened,
      busy: () => this.holder.inUse,
      jobs: this.jobs,
      nowMs: Date.now,
      log,
    })
    this.matcher = new Supervised<MatcherFunctions>({
      name: 'matcher',
      spawn: () => spawn('matcher'),
      prepare: async (functions) => {
        const vault = await this.holder.need()
        await this.#feed.load(functions, await this.face.needModel(), vault)
      },
      callTimeoutMs,
      onState: health('matcher'),
      log,
    })
    this.#feed = new GalleryFeed({
      log,
      onProgress: options.onGalleryLoading,
      onGap: () => {
        this.matcher
          .stop()
          .then(() => this.matcher.start())
          .catch(() => undefined)
      },
    })
    this.figures = new Figures(() => this.face.stills.waiting)
  }

  /** Ports for an operation: the vault open, the model loaded, the gallery loaded. */
  async ports(): Promise<Ports> {
    const vault = await this.holder.need()
    await this.face.process.start()
    await this.matcher.start()
    return {
      vault,
      face: this.face.port,
      matcher: this.figures.watch(this.matcher.functions),
      publish: async (change, added) => {
        await this.#feed.publish(change, added)
        this.#options.onGallery(change.sequence)
      },
      serialised: (run) => this.#serialised(run),
      nowMs: () => performance.now(),
    }
  }

  /** Ports for operations on model packs. */
  modelPorts(vault: VaultPort): ModelPorts {
    return {
      vault,
      packs: this.face.packs,
      serialised: (run) => this.#serialised(run),
      switchTo: (packId) => this.face.switchTo(packId),
      reloadGallery: async () => {
        await this.matcher.stop()
        await this.matcher.start()
      },
      publish: async (change) => {
        await this.#feed.publish(change, [])
        this.#options.onGallery(change.sequence)
      },
    }
  }

  async close(): Promise<void> {
    this.face.stopChoosing()
    await this.#lastCommit.catch(() => undefined)
    this.backupKeeper.stop()
    await this.jobs.stop()
    await this.imports.lookUp.close()
    this.signIns.close()
    await Promise.all([this.face.close(), this.matcher.close()])
    await this.holder.close()
  }

  #serialised<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#lastCommit.then(run, run)
    this.#lastCommit = turn.catch(() => undefined)
    return turn
  }
}
