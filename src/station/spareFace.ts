/** Face processes beside the one at work, kept between the steps of a job. */
import type { PacksPort, SpareFacePort } from '../operations/modelPorts.ts'
import { bulkProcesses } from './processCount.ts'

interface Open {
  readonly packId: string
  readonly face: Promise<SpareFacePort>
  readonly end: () => void
}

export class SpareFace {
  readonly #packs: Pick<PacksPort, 'withFace'>
  #open: Open | undefined

  constructor(packs: Pick<PacksPort, 'withFace'>) {
    this.#packs = packs
  }

  /** Runs something with the process, which is started where it is not there or has another pack. */
  async use<T>(packId: string, run: (face: SpareFacePort) => Promise<T>): Promise<T> {
    if (this.#open?.packId !== packId) {
      this.end()
      this.#open = this.#start(packId)
    }
    const open = this.#open as Open
    try {
      return await run(await open.face)
    } catch (error) {
      // Whatever it was, the next one begins with a fresh process.
      if (this.#open === open) this.end()
      throw error
    }
  }

  /** Ends the process, where there is one. */
  end(): void {
    this.#open?.end()
    this.#open = undefined
  }

  #start(packId: string): Open {
    let end: () => void = () => undefined
    const face = new Promise<SpareFacePort>((resolve, reject) => {
      const until = new Promise<void>((over) => {
        end = over
      })
      this.#packs
        .withFace(packId, bulkProcesses(), async (open) => {
          resolve(open)
          await until
        })
        .catch(reject)
    })
    face.catch(() => undefined)
    return { packId, face, end: () => end() }
  }
}
