/**
 * The packs of a station: those that came with the program, and those that were imported into the data folder.
 * 1. What is imported is checked by a process of its own in a folder of its own, and gets its name only when it has passed.
 * 2. What that process says of the manifest is held against the file once more before it is believed.
 */
import { createHash, createPublicKey, type KeyObject, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { VultusError } from '../contract/errors.ts'
import type { EmbeddingModel, FaceFunctions, PackCheckerFunctions, PackFolders, PackReport, PackSummary } from '../contract/processes.ts'
import type { PacksPort, SpareFacePort } from '../operations/modelPorts.ts'
import type { Spawn } from './api.ts'
import { type FaceCalls, FacePool } from './facePool.ts'
import { inThrowAway } from './throwAway.ts'

const checkTimeoutMs = 5 * 60_000
const checkProcessorSecondsMax = 240
/** ResNet100 in float32 takes 1.1 GB: its file, the runtime's copy and the one that the runtime made faster. */
const checkMemoryBytesMax = 3 * 1024 ** 3
const spareTimeoutMs = 60_000
const stagingPrefix = '.staging-'
export const builtInPack = 'starter'

export interface StationFolders extends PackFolders {
  readonly importedFolder: string
}

export interface PacksOptions {
  readonly folders: StationFolders
  readonly spawn: Spawn
  readonly list: () => Promise<readonly PackSummary[]>
  readonly log: (line: string) => void
}

export class Packs implements PacksPort {
  readonly #options: PacksOptions

  constructor(options: PacksOptions) {
    this.#options = options
  }

  get folders(): StationFolders {
    return this.#options.folders
  }

  list(): Promise<readonly PackSummary[]> {
    return this.#options.list()
  }

  /**
   * Checks a zip file or folder and takes it in.
   * @throws VultusError pack.*, model.*, vault.diskFull, vault.unwritable
   */
  async import(source: string, trust: boolean, trustedKeys: readonly string[]): Promise<PackReport> {
    if (!isAbsolute(source)) throw new VultusError('request.invalid', 'pack: an absolute path')
    const { importedFolder } = this.folders
    const staging = join(importedFolder, `${stagingPrefix}${randomUUID()}`)
    await mkdir(staging, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw new VultusError('vault.unwritable', undefined, { cause: error })
    })
    try {
      await this.#sweep(staging)
      const report = await this.#check({ source, folder: staging, trustedKeys, trust }, [source])
      await this.#install(report, staging)
      return report
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  }

  /** Checks a pack that is there. @throws VultusError model.unknown, pack.*, model.* */
  async verify(id: string, trustedKeys: readonly string[]): Promise<PackReport> {
    const folder = await this.#folderOf(id)
    return await this.#check({ folder, trustedKeys, trust: true }, [folder])
  }

  /** Deletes the files of an imported pack. @throws VultusError pack.builtIn */
  async remove(pack: PackSummary): Promise<void> {
    if (pack.builtIn) throw new VultusError('pack.builtIn')
    const { importedFolder } = this.folders
    // First out of sight, so that a pack is there whole or not at all.
    const away = join(importedFolder, `${stagingPrefix}${randomUUID()}`)
    await rename(join(importedFolder, pack.id), away)
    await rm(away, { recursive: true, force: true })
  }

  async withFace<T>(packId: string, processesMax: number, run: (face: SpareFacePort) => Promise<T>): Promise<T> {
    return await this.withPool(packId, processesMax, (pool, model) =>
      run({
        model,
        atOnce: pool.processesMax,
        template: async (picture) => {
          const asked = { picture, aligned: false, repeat: 1 }
          const { template, qualityScore, timings } = await pool.run(picture.length, (face) => face.template(asked))
          return { template, qualityScore, totalMs: timings.totalMs }
        },
      }),
    )
  }

  /** Runs something with face processes of its own that have loaded the pack, and ends them. @throws VultusError model.* */
  async withPool<T>(packId: string, processesMax: number, run: (pool: FacePool, model: EmbeddingModel) => Promise<T>): Promise<T> {
    const pool = new FacePool({
      spawn: () => this.#options.spawn('face'),
      load: (face) => face.load({ ...this.folders, packId, bulk: true }),
      processesMax,
      log: this.#options.log,
    })
    try {
      return await run(pool, await pool.model())
    } finally {
      pool.kill()
    }
  }

  /** Runs something with a face process that may end. @throws VultusError process.restarted where it did */
  async withSpare<T>(run: (face: FaceCalls) => Promise<T>): Promise<T> {
    const brokenOff = () => new VultusError('process.restarted', 'face')
    const limits = { timeoutMs: spareTimeoutMs, callTimeoutMs: spareTimeoutMs, brokenOff }
    return await inThrowAway<FaceFunctions, T>(this.#options.spawn('face'), limits, run)
  }

  async #check(
    asked: { source?: string; folder: string; trustedKeys: readonly string[]; trust: boolean },
    readFolders: readonly string[],
  ): Promise<PackReport> {
    const { packsFolder } = this.folders
    const child = this.#options.spawn('packChecker', {
      readFolders: [packsFolder, ...readFolders],
      // A pack that is there is only read: what may be written then is a folder that nobody makes.
      writeFolder: asked.source === undefined ? join(this.folders.importedFolder, '.nothing') : asked.folder,
      memoryBytesMax: checkMemoryBytesMax,
      processorSecondsMax: checkProcessorSecondsMax,
    })
    const brokenOff = () => new VultusError('pack.checkFailed')
    return await inThrowAway<PackCheckerFunctions, PackReport>(
      child,
      { timeoutMs: checkTimeoutMs, callTimeoutMs: checkTimeoutMs, brokenOff },
      (checker) => checker.check({ ...asked, packsFolder }),
    )
  }

  async #install({ pack, manifestSha256 }: PackReport, staging: string): Promise<void> {
    const { packsFolder, importedFolder } = this.folders
    const manifest = await readFile(join(staging, 'manifest.json'))
    const { id } = JSON.parse(manifest.toString()) as { id?: unknown }
    if (createHash('sha256').update(manifest).digest('hex') !== manifestSha256 || id !== pack.id || !/^[a-z0-9-]{1,40}$/.test(pack.id))
      throw new VultusError('pack.checkFailed', 'the manifest has changed')
    for (const folder of [packsFolder, importedFolder]) {
      if ((await stat(join(folder, pack.id)).catch(() => undefined)) !== undefined) throw new VultusError('pack.exists', pack.id)
    }
    await rename(staging, join(importedFolder, pack.id))
    await syncFolder(importedFolder)
  }

  async #folderOf(id: string): Promise<string> {
    for (const folder of [this.folders.packsFolder, this.folders.importedFolder]) {
      const path = join(folder, id)
      if ((await stat(join(path, 'manifest.json')).catch(() => undefined))?.isFile()) return path
    }
    throw new VultusError('model.unknown', id)
  }

  /** Folders of imports that a power cut has left behind. */
  async #sweep(keep: string): Promise<void> {
    const { importedFolder } = this.folders
    for (const name of await readdir(importedFolder)) {
      const path = join(importedFolder, name)
      if (name.startsWith(stagingPrefix) && path !== keep) await rm(path, { recursive: true, force: true })
    }
  }
}

/** Makes a rename durable; a system that opens no folders does so by itself. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

/** An Ed25519 public key from PEM, as the settings keep it. @throws VultusError request.invalid */
export function trustedKeyOf(text: string): string {
  let key: KeyObject
  try {
    key = createPublicKey(text)
  } catch {
    throw new VultusError('request.invalid', 'key: a public key as PEM')
  }
  // A private key gives its public one; whoever sends it here has shown it to a station that needs none of it.
  if (key.asymmetricKeyType !== 'ed25519' || /PRIVATE/.test(text)) throw new VultusError('request.invalid', 'key: an Ed25519 public key')
  return key.export({ format: 'der', type: 'spki' }).toString('base64')
}

export const fingerprintOf = (spki: string): string => createHash('sha256').update(Buffer.from(spki, 'base64')).digest('hex')
