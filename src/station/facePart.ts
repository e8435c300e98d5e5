/**
 * The part of a station that looks at pictures: the face process, the packs it works with, and the processes beside it.
 * 1. The vault names the pack that works; until it is open that is the one that came with the program.
 * 2. A process that comes up with an imported pack that cannot be loaded stays without a model, so that an administrator can activate
 *    another one.
 * 3. What this site measured of a model takes the place of the calibration that its pack brings.
 */
import { join } from 'node:path'
import { refusalOf, VultusError } from '../contract/errors.ts'
import { type Calibration, type EmbeddingModel, type FaceFunctions, threadsPerRun } from '../contract/processes.ts'
import type { OutputOf } from '../contract/table.ts'
import { fmrMin } from '../core/calibration.ts'
import type { FacePort, Unwrapped } from '../operations/ports.ts'
import type { Spawn } from './api.ts'
import { Evaluations } from './evaluations.ts'
import { builtInPack, Packs } from './packs.ts'
import { stillProcesses } from './processCount.ts'
import { ProviderChoice } from './providerChoice.ts'
import { SpareFace } from './spareFace.ts'
import { Stills } from './stills.ts'
import { callTimeoutMs, type ProcessState, Supervised } from './supervised.ts'
import type { VaultHolder } from './vaultHolder.ts'

export interface FacePartOptions {
  readonly spawn: Spawn
  readonly packsFolder: string
  readonly dataFolder: string
  readonly holder: Pick<VaultHolder, 'need' | 'opened'>
  readonly onState: (state: ProcessState) => void
  readonly onLive: (packet: Uint8Array) => void
  readonly log: (line: string) => void
}

export class FacePart {
  readonly process: Supervised<FaceFunctions>
  readonly packs: Packs
  readonly stills: Stills
  readonly evaluations: Evaluations
  /** For the job that makes references of another model. */
  readonly spare: SpareFace
  readonly port: FacePort
  readonly #options: FacePartOptions
  readonly #providers: ProviderChoice
  #model: EmbeddingModel | undefined
  /** Id of the pack in the face process. */
  #loadedPack: string | undefined
  #restarts = 0
  #choosingOver = false
  #choosing: Promise<void> = Promise.resolve()

  constructor(options: FacePartOptions) {
    this.#options = options
    const { spawn, log } = options
    this.packs = new Packs({
      folders: { packsFolder: options.packsFolder, importedFolder: join(options.dataFolder, 'packs') },
      spawn,
      list: () => this.process.functions.listPacks(this.packs.folders),
      log,
    })
    this.#providers = new ProviderChoice({
      inThrowAway: (work) => this.packs.withSpare(work),
      folders: () => this.packs.folders,
      log,
    })
    this.spare = new SpareFace(this.packs)
    this.process = new Supervised<FaceFunctions>({
      name: 'face',
      spawn: () => spawn('face'),
      prepare: (functions) => this.#prepare(functions),
      callTimeoutMs,
      onState: options.onState,
      onLive: options.onLive,
      log,
    })
    this.stills = new Stills({
      face: this.process.functions,
      spawn: () => spawn('face'),
      load: (functions) => functions.load({ ...this.packs.folders, packId: this.#loadedPack ?? this.activePack(), bulk: true }),
      processesMax: stillProcesses,
      log,
    })
    this.evaluations = new Evaluations({
      withPool: (packId, processesMax, work) => this.packs.withPool(packId, processesMax, work),
      withSiteCalibration: (model) => this.#withSiteCalibration(model),
    })
    this.port = this.#facePort()
  }

  /** The model that works, with the calibration of its pack; none while the process has none. */
  get model(): EmbeddingModel | undefined {
    return this.#model
  }

  /** The model that works, the process started. @throws VultusError model.missing */
  async needModel(): Promise<EmbeddingModel> {
    await this.process.start()
    await this.#followVault()
    if (this.#model === undefined) throw new VultusError('model.missing', this.activePack())
    return this.#model
  }

  /** The pack that the vault names; until it is open the one that came with the program. */
  activePack(): string {
    return this.#options.holder.opened?.settings.get('models.active') ?? builtInPack
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

  /** A face process that came up before the vault was open worked with the pack that came with the program until now. */
  followVault(): void {
    this.#followVault().catch((error: unknown) => this.#options.log(`face: the active pack could not be loaded: ${refusalOf(error).code}`))
  }

  /** Changes over to a pack, between two frames. */
  async switchTo(packId: string): Promise<void> {
    await this.#load(this.process.functions, packId, false)
    this.chooseProvider()
  }

  /**
   * Tries what else the pack that works could be computed with, and changes over where that is better. In the background: until then
   * the processor does it.
   */
  chooseProvider(): void {
    this.#choosing = this.#choosing.then(async () => {
      const packId = this.#loadedPack
      if (packId === undefined || this.#choosingOver) return
      const provider = await this.#providers.choose(packId, await this.process.functions.providers({}))
      if (provider !== 'cpu' && packId === this.#loadedPack) await this.#load(this.process.functions, packId, false)
    })
    this.#choosing = this.#choosing.catch((error: unknown) => this.#options.log(`face: no provider was chosen: ${refusalOf(error).code}`))
  }

  /** From now on nothing else is tried. */
  stopChoosing(): void {
    this.#choosingOver = true
  }

  /** What the networks are computed with. */
  inference(): OutputOf<'status.get'>['inference'] {
    const pack = this.#loadedPack
    return {
      provider: pack === undefined ? null : this.#providers.for(pack),
      tried: this.#providers.tried,
      processes: this.stills.processes,
      processesMax: stillProcesses(),
      threads: threadsPerRun,
    }
  }

  async close(): Promise<void> {
    this.stopChoosing()
    this.spare.end()
    this.stills.close()
    await this.process.close()
  }

  async #prepare(functions: Unwrapped<FaceFunctions>): Promise<void> {
    // No session of the process before is there, and what ended it may have been the device.
    this.stills.forgetCameras()
    if (this.process.status.restarts > this.#restarts) this.#providers.refuse()
    this.#restarts = this.process.status.restarts
    // Without a vault, or with one that nobody has opened, the pack that came with the program does the work.
    await this.#options.holder.need().catch(() => undefined)
    await this.#load(functions, this.activePack(), true)
  }

  /** @param starting whether the process has just come up */
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

  async #followVault(): Promise<void> {
    if (this.process.status.state !== 'ready' || this.#loadedPack === this.activePack()) return
    await this.#load(this.process.functions, this.activePack(), false)
  }

  /** What this site measured of a model; none while the vault is closed. */
  #siteCalibration(model: string): Calibration | undefined {
    return this.#options.holder.opened?.settings.get('models.calibrations')[model]
  }

  #withSiteCalibration(model: EmbeddingModel): EmbeddingModel {
    return { ...model, calibration: this.#siteCalibration(model.id) ?? model.calibration }
  }

  #facePort(): FacePort {
    const model = () => (this.#model === undefined ? undefined : this.#withSiteCalibration(this.#model))
    return new Proxy(this.process.functions, {
      get: (functions, name, receiver) => {
        if (name === 'model') return model()
        // Pictures of long work are looked at beside the camera, too.
        return name === 'captureFromPicture' ? this.stills.functions.captureFromPicture : Reflect.get(functions, name, receiver)
      },
    }) as Unwrapped<FaceFunctions> & FacePort
  }
}
