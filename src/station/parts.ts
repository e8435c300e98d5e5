/** The parts of a station, wired: two supervised processes, the vault, and the ports that operations get. */
import { VultusError } from '../contract/errors.ts'
import type { EventPayload } from '../contract/events.ts'
import type { Calibration, EmbeddingModel, FaceFunctions, MatcherFunctions } from '../contract/processes.ts'
import type { Actor } from '../contract/records.ts'
import type { OutputOf } from '../contract/table.ts'
import { fmrMin } from '../core/calibration.ts'
import type { FacePort, Ports, Unwrapped } from '../operations/ports.ts'
import type { StationOptions } from './api.ts'
import { BackupKeeper } from './backupKeeper.ts'
import { Evaluations } from './evaluations.ts'
import { GalleryFeed } from './galleryFeed.ts'
import { JobRunner } from './jobs.ts'
import { SignIns } from './signIns.ts'
import { Supervised } from './supervised.ts'
import { VaultHolder } from './vaultHolder.ts'

const activePackId = 'starter'
const callTimeoutMs = 120_000

export interface PartsOptions extends StationOptions {
  readonly onHealth: (part: 'face' | 'matcher', state: 'ready' | 'restarting' | 'failed') => void
  readonly onGallery: (sequence: number) => void
  readonly onGalleryLoading: (rows: number, rowsExpected: number) => void
  readonly onVaultOpen: () => void
  readonly onJob: (progress: EventPayload<'job.progress'>) => void
  /** Somebody signed in, was locked or signed out, or an account changed. */
  readonly onSignIns: () => void
  /** A window was locked because nobody used it. */
  readonly onIdleLock: (actor: Actor) => void
  readonly onLive: (packet: Uint8Array) => void
}

export class Parts {
  readonly face: Supervised<FaceFunctions>
  readonly matcher: Supervised<MatcherFunctions>
  readonly holder: VaultHolder
  readonly jobs: JobRunner
  readonly backupKeeper: BackupKeeper
  readonly evaluations: Evaluations
  readonly facePort: FacePort
  readonly signIns: SignIns
  readonly onSignIns: () => void
  readonly #options: PartsOptions
  readonly #feed: GalleryFeed
  readonly #startedMs = Date.now()
  #model: EmbeddingModel | undefined
  #lastCommit: Promise<unknown> = Promise.resolve()

  constructor(options: PartsOptions) {
    this.#options = options
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
        this.backupKeeper.start()
      },
    })
    this.jobs = new JobRunner({
      kinds: {
        rotate: { pausable: true, event: 'vault.rotate', step: async (vault, id) => vault.rotation.step(id) },
        rotateDeep: { pausable: true, event: 'vault.rotate', step: async (vault, id) => vault.rotation.step(id) },
        rekey: { pausable: false, event: 'vault.rekey', step: (_vault, id, watch) => this.holder.rekey(id, watch) },
        backUp: { pausable: false, event: 'vault.backUp', beside: true, step: (_vault, id, watch) => this.holder.backUp(id, watch) },
      },
      vault: () => this.holder.opened,
      onProgress: options.onJob,
      log,
    })
    this.onSignIns = options.onSignIns
    this.signIns = new SignIns({
      operators: () => this.holder.opened?.operators,
      nowMs: () => performance.now(),
      onIdleLock: options.onIdleLock,
    })
    this.backupKeeper = new BackupKeeper({
      vault: () => this.holder.opened,
      busy: () => this.holder.inUse,
      jobs: this.jobs,
      nowMs: Date.now,
      log,
    })
    this.face = new Supervised<FaceFunctions>({
      name: 'face',
      spawn: () => spawn('face'),
      prepare: async (functions) => {
        this.#model = await functions.load({ packsFolder: options.packsFolder, packId: activePackId })
      },
      callTimeoutMs,
      onState: health('face'),
      onLive: options.onLive,
      log,
    })
    this.matcher = new Supervised<MatcherFunctions>({
      name: 'matcher',
      spawn: () => spawn('matcher'),
      prepare: async (functions) => {
        const vault = await this.holder.need()
        await this.#feed.load(functions, await this.#needModel(), vault)
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
    this.evaluations = new Evaluations({
      spawn: () => spawn('face'),
      packFolders: () => ({ packsFolder: options.packsFolder }),
      withSiteCalibration: (model) => this.#withSiteCalibration(model),
    })
    this.facePort = this.#facePort()
  }

  /** Ports for an operation: the vault open, the model loaded, the gallery loaded. */
  async ports(): Promise<Ports> {
    const vault = await this.holder.need()
    await this.face.start()
    await this.matcher.start()
    return {
      vault,
      face: this.facePort,
      matcher: this.matcher.functions,
      publish: async (change, added) => {
        await this.#feed.publish(change, added)
        this.#options.onGallery(change.sequence)
      },
      serialised: (run) => this.#serialised(run),
      nowMs: () => performance.now(),
    }
  }

  async models(): Promise<OutputOf<'model.list'>> {
    const packs = await this.face.functions.listPacks({ packsFolder: this.#options.packsFolder })
    return {
      active: this.#model?.id ?? null,
      packs: packs.map((pack) => {
        const site = this.#siteCalibration(`${pack.id}@${pack.version}`)
        const calibration = site === undefined ? pack.calibration : { impostorPairs: site.impostorPairs, fmrMin: fmrMin(site) }
        return { ...pack, licences: [...pack.licences], calibration }
      }),
    }
  }

  /** The pack that makes templates. */
  activePack(): string {
    return activePackId
  }

  /** The model id of an installed pack; of the active one where none is named. @throws VultusError model.unknown */
  async modelIdOf(packId: string | undefined): Promise<string> {
    const { packs } = await this.models()
    const found = packs.find(({ id }) => id === (packId ?? this.activePack()))
    if (found === undefined) throw new VultusError('model.unknown', packId)
    return `${found.id}@${found.version}`
  }

  /** What this site measured of a model; none while the vault is closed. */
  #siteCalibration(model: string): Calibration | undefined {
    return this.holder.opened?.setting('models.calibrations')[model]
  }

  #withSiteCalibration(model: EmbeddingModel): EmbeddingModel {
    return { ...model, calibration: this.#siteCalibration(model.id) ?? model.calibration }
  }

  health(): OutputOf<'health.get'> {
    const loaded = this.face.status.state === 'ready' && this.#model !== undefined
    return {
      status: loaded && this.matcher.status.state !== 'failed' ? 'ok' : 'degraded',
      service: 'vultus',
      version: this.#options.version,
      timestamp: new Date().toISOString(),
      model_status: {
        loaded,
        model_name: this.#model?.id ?? null,
        input_shape: this.#model === undefined ? null : [1, ...this.#model.inputShape],
      },
    }
  }

  async status(): Promise<OutputOf<'status.get'>> {
    const { state, kind } = await this.holder.status()
    const counts = this.holder.opened?.counts()
    const model = this.#model
    return {
      service: 'vultus',
      version: this.#options.version,
      uptime_s: (Date.now() - this.#startedMs) / 1000,
      vault: { state, kind },
      gallery: {
        references: counts?.references ?? 0,
        sequence: counts?.sequence ?? 0,
        ready: this.matcher.status.state === 'ready',
      },
      model: model === undefined ? null : { id: model.id, dimension: model.dimension, metric: model.metric },
      processes: (['face', 'matcher'] as const).map((name) => ({ name, ...this[name].status })),
    }
  }

  async close(): Promise<void> {
    await this.#lastCommit.catch(() => undefined)
    this.backupKeeper.stop()
    await this.jobs.stop()
    this.signIns.close()
    await Promise.all([this.face.close(), this.matcher.close()])
    await this.holder.close()
  }

  async #needModel(): Promise<EmbeddingModel> {
    await this.face.start()
    return this.#model as EmbeddingModel
  }

  #facePort(): FacePort {
    const model = () => (this.#model === undefined ? undefined : this.#withSiteCalibration(this.#model))
    return new Proxy(this.face.functions, {
      get: (functions, name, receiver) => (name === 'model' ? model() : Reflect.get(functions, name, receiver)),
    }) as Unwrapped<FaceFunctions> & FacePort
  }

  #serialised<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#lastCommit.then(run, run)
    this.#lastCommit = turn.catch(() => undefined)
    return turn
  }
}
