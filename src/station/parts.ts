/** The parts of a station, wired: two supervised processes, the vault, and the ports that operations get. */
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { refusalOf, VultusError } from '../contract/errors.ts'
import type { EventPayload } from '../contract/events.ts'
import type { Job } from '../contract/jobs.ts'
import { type Calibration, type EmbeddingModel, type FaceFunctions, type MatcherFunctions, threadsPerRun } from '../contract/processes.ts'
import type { Actor } from '../contract/records.ts'
import type { OutputOf } from '../contract/table.ts'
import { fmrMin } from '../core/calibration.ts'
import { stepDuplicates } from '../operations/duplicates.ts'
import type { SpareFacePort } from '../operations/modelPorts.ts'
import { type ModelPorts, reembedStep } from '../operations/models.ts'
import type { FacePort, Ports, Unwrapped, VaultPort } from '../operations/ports.ts'
import type { StationOptions } from './api.ts'
import { BackupKeeper } from './backupKeeper.ts'
import { Evaluations } from './evaluations.ts'
import { Figures } from './figures.ts'
import { GalleryFeed } from './galleryFeed.ts'
import { Imports } from './imports/imports.ts'
import { JobRunner } from './jobs.ts'
import { builtInPack, Packs } from './packs.ts'
import { stillProcesses } from './processCount.ts'
import { ProviderChoice } from './providerChoice.ts'
import { SignIns } from './signIns.ts'
import { SpareFace } from './spareFace.ts'
import { Stills } from './stills.ts'
import { Supervised } from './supervised.ts'
import { VaultHolder } from './vaultHolder.ts'

const callTimeoutMs = 120_000

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
  readonly face: Supervised<FaceFunctions>
  readonly matcher: Supervised<MatcherFunctions>
  readonly figures: Figures
  readonly holder: VaultHolder
  readonly jobs: JobRunner
  readonly backupKeeper: BackupKeeper
  readonly evaluations: Evaluations
  readonly stills: Stills
  readonly imports = new Imports()
  readonly facePort: FacePort
  readonly packs: Packs
  readonly signIns: SignIns
  readonly onSignIns: () => void
  readonly onInbox: () => void
  readonly #options: PartsOptions
  readonly #feed: GalleryFeed
  readonly #startedMs = Date.now()
  #model: EmbeddingModel | undefined
  /** Id of the pack in the face process. */
  #loadedPack: string | undefined
  readonly #spareFace: SpareFace
  readonly #providers: ProviderChoice
  #faceRestarts = 0
  #closed = false
  #choosing: Promise<void> = Promise.resolve()
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
        this.#followVault().catch((error: unknown) => log(`face: the active pack could not be loaded: ${refusalOf(error).code}`))
        this.backupKeeper.start()
      },
    })
    this.jobs = new JobRunner({
      kinds: {
        rotate: { pausable: true, event: 'vault.rotate', step: async (vault, id) => vault.rotation.step(id) },
        rotateDeep: { pausable: true, event: 'vault.rotate', step: async (vault, id) => vault.rotation.step(id) },
        rekey: { pausable: false, event: 'vault.rekey', step: (_vault, id, watch) => this.holder.rekey(id, watch) },
        backUp: { pausable: false, event: 'vault.backUp', beside: true, step: (_vault, id, watch) => this.holder.backUp(id, watch) },
        duplicates: {
          pausable: true,
          event: 'gallery.findDuplicates',
          beside: true,
          step: async (_vault, id) => stepDuplicates(await this.ports(), id, nextTurn),
        },
        reembed: {
          pausable: true,
          event: 'model.reembed',
          step: (vault, id) => this.#spareFace.use(vault.models.packOf(id), (face) => this.#reembed(vault, id, face)),
          over: () => this.#spareFace.end(),
        },
        import: {
          pausable: true,
          event: 'import.start',
          beside: true,
          // While the vault is copied a row waits, and the copy waits for a row.
          step: (_vault, id) => this.holder.use(async () => await this.imports.step(await this.ports(), id), false),
          over: () => this.imports.over(),
        },
      },
      vault: () => this.holder.opened,
      onProgress: options.onJob,
      log,
    })
    this.packs = new Packs({
      folders: { packsFolder: options.packsFolder, importedFolder: join(options.dataFolder, 'packs') },
      spawn,
      list: () => this.face.functions.listPacks(this.packs.folders),
      log,
    })
    this.#providers = new ProviderChoice({
      inThrowAway: (work) => this.packs.withSpare(work),
      folders: () => this.packs.folders,
      log,
    })
    this.#spareFace = new SpareFace(this.packs)
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
    this.face = new Supervised<FaceFunctions>({
      name: 'face',
      spawn: () => spawn('face'),
      prepare: async (functions) => {
        // No session of the process before is there, and what ended it may have been the device.
        this.stills.forgetCameras()
        if (this.face.status.restarts > this.#faceRestarts) this.#providers.refuse()
        this.#faceRestarts = this.face.status.restarts
        // Without a vault, or with one that nobody has opened, the pack that came with the program does the work.
        await this.holder.need().catch(() => undefined)
        await this.#load(functions, this.activePack(), true)
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
    this.stills = new Stills({
      face: this.face.functions,
      spawn: () => spawn('face'),
      load: (functions) => functions.load({ ...this.packs.folders, packId: this.#loadedPack ?? this.activePack(), bulk: true }),
      processesMax: stillProcesses,
      log,
    })
    this.evaluations = new Evaluations({
      withPool: (packId, processesMax, work) => this.packs.withPool(packId, processesMax, work),
      withSiteCalibration: (model) => this.#withSiteCalibration(model),
    })
    this.facePort = this.#facePort()
    this.figures = new Figures(() => this.stills.waiting)
  }

  /** Ports for an operation: the vault open, the model loaded, the gallery loaded. */
  async ports(): Promise<Ports> {
    const vault = await this.holder.need()
    await this.face.start()
    await this.matcher.start()
    return {
      vault,
      face: this.facePort,
      matcher: this.figures.watch(this.matcher.functions),
      publish: async (change, added) => {
        await this.#feed.publish(change, added)
        this.#options.onGallery(change.sequence)
      },
      serialised: (run) => this.#serialised(run),
      nowMs: () => performance.now(),
    }
  }

  async models(): Promise<OutputOf<'model.list'>> {
    const packs = await this.packs.list()
    return {
      active: this.#model?.id ?? null,
      packs: packs.map((pack) => {
        const site = this.#siteCalibration(pack.model)
        const calibration = site === undefined ? pack.calibration : { impostorPairs: site.impostorPairs, fmrMin: fmrMin(site) }
        return { ...pack, licences: [...pack.licences], calibration }
      }),
    }
  }

  /** The model id of an installed pack; of the active one where none is named. @throws VultusError model.unknown */
  async modelIdOf(packId: string | undefined): Promise<string> {
    const { packs } = await this.models()
    const found = packs.find(({ id }) => id === (packId ?? this.activePack()))
    if (found === undefined) throw new VultusError('model.unknown', packId)
    return found.model
  }

  /** What this site measured of a model; none while the vault is closed. */
  #siteCalibration(model: string): Calibration | undefined {
    return this.holder.opened?.settings.get('models.calibrations')[model]
  }

  #withSiteCalibration(model: EmbeddingModel): EmbeddingModel {
    return { ...model, calibration: this.#siteCalibration(model.id) ?? model.calibration }
  }

  /** The pack that the vault names; until it is open the one that came with the program. */
  activePack(): string {
    return this.holder.opened?.settings.get('models.active') ?? builtInPack
  }

  /** Ports for operations on model packs. */
  async modelPorts(): Promise<ModelPorts> {
    return this.#modelPorts(await this.holder.need())
  }

  #modelPorts(vault: VaultPort): ModelPorts {
    return {
      vault,
      packs: this.packs,
      serialised: (run) => this.#serialised(run),
      switchTo: async (packId) => {
        await this.#load(this.face.functions, packId, false)
        this.chooseProvider()
      },
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

  #reembed(vault: VaultPort, id: string, face: SpareFacePort): Promise<Job> {
    return reembedStep(this.#modelPorts(vault), id, face)
  }

  /**
   * Loads a pack into the face process; it changes over between two frames.
   * @param starting whether the process has just come up: it then stays without a model where an imported pack cannot be loaded,
   *   so that an administrator can activate another one
   */
  async #load(functions: Pick<Unwrapped<FaceFunctions>, 'load'>, packId: string, starting: boolean): Promise<void> {
    try {
      this.#model = await functions.load({ ...this.packs.folders, packId, provider: this.#providers.for(packId) })
      this.stills.changePack()
      this.#loadedPack = packId
    } catch (error) {
      if (!starting || packId === builtInPack || !(error instanceof VultusError)) throw error
      this.#options.log(`face: pack ${packId} cannot be loaded: ${error.code}`)
      this.#model = undefined
      this.#loadedPack = undefined
    }
  }

  /** A face process that came up before the vault was open works with the pack that came with the program until now. */
  async #followVault(): Promise<void> {
    if (this.face.status.state !== 'ready' || this.#loadedPack === this.activePack()) return
    await this.#load(this.face.functions, this.activePack(), false)
  }

  /**
   * Tries what else the pack that works could be computed with, and changes over where that is better. In the background: until then
   * the processor does it.
   */
  chooseProvider(): void {
    this.#choosing = this.#choosing.then(async () => {
      const packId = this.#loadedPack
      if (packId === undefined || this.#closed) return
      const provider = await this.#providers.choose(packId, await this.face.functions.providers({}))
      if (provider !== 'cpu' && packId === this.#loadedPack) await this.#load(this.face.functions, packId, false)
    })
    this.#choosing = this.#choosing.catch((error: unknown) => this.#options.log(`face: no provider was chosen: ${refusalOf(error).code}`))
  }

  #inference(): OutputOf<'status.get'>['inference'] {
    const pack = this.#loadedPack
    return {
      provider: pack === undefined ? null : this.#providers.for(pack),
      tried: this.#providers.tried,
      processes: this.stills.processes,
      processesMax: stillProcesses(),
      threads: threadsPerRun,
    }
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
    const counts = this.holder.opened?.galleries.counts()
    const model = this.#model
    return {
      service: 'vultus',
      version: this.#options.version,
      uptime_s: (Date.now() - this.#startedMs) / 1000,
      vault: { state, kind },
      gallery: {
        references: this.#activeReferences() ?? counts?.references ?? 0,
        sequence: counts?.sequence ?? 0,
        ready: this.matcher.status.state === 'ready',
      },
      model: model === undefined ? null : { id: model.id, dimension: model.dimension, metric: model.metric },
      processes: (['face', 'matcher'] as const).map((name) => ({ name, ...this[name].status })),
      inference: this.#inference(),
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#lastCommit.catch(() => undefined)
    this.backupKeeper.stop()
    await this.jobs.stop()
    await this.imports.lookUp.close()
    this.#spareFace.end()
    this.stills.close()
    this.signIns.close()
    await Promise.all([this.face.close(), this.matcher.close()])
    await this.holder.close()
  }

  /** References of the active model, where there are others beside them; undefined where all are its own. */
  #activeReferences(): number | undefined {
    const models = this.holder.opened?.models.counts() ?? []
    return models.length < 2 ? undefined : (models.find(({ model }) => model === this.#model?.id)?.references ?? 0)
  }

  async #needModel(): Promise<EmbeddingModel> {
    await this.face.start()
    await this.#followVault()
    if (this.#model === undefined) throw new VultusError('model.missing', this.activePack())
    return this.#model
  }

  #facePort(): FacePort {
    const model = () => (this.#model === undefined ? undefined : this.#withSiteCalibration(this.#model))
    return new Proxy(this.face.functions, {
      get: (functions, name, receiver) => {
        if (name === 'model') return model()
        // Pictures of long work are looked at beside the camera, too.
        return name === 'captureFromPicture' ? this.stills.functions.captureFromPicture : Reflect.get(functions, name, receiver)
      },
    }) as Unwrapped<FaceFunctions> & FacePort
  }

  #serialised<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#lastCommit.then(run, run)
    this.#lastCommit = turn.catch(() => undefined)
    return turn
  }
}
