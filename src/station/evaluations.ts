/**
 * The one evaluation that may run at a time, in a face process of its own, so that the desk does not wait for it.
 * It can be watched and cancelled; when the station closes it is cancelled.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { VultusError } from '../contract/errors.ts'
import type { EmbeddingModel, FaceFunctions, PackFolders } from '../contract/processes.ts'
import type { OutputOf } from '../contract/table.ts'
import type { EvaluationPorts } from '../operations/evaluate.ts'
import type { Child } from './api.ts'
import { inThrowAway } from './throwAway.ts'

const dayMs = 24 * 60 * 60_000
const callTimeoutMs = 120_000

export interface EvaluationsOptions {
  readonly spawn: () => Child
  /** Where packs are, as the face process takes it. */
  readonly packFolders: () => PackFolders
  /** Puts the calibration in that holds at this station. */
  readonly withSiteCalibration: (model: EmbeddingModel) => EmbeddingModel
}

type Progress = OutputOf<'evaluation.progress'>
const idle: Progress = { stage: 'idle', done: 0, total: 0 }

export class Evaluations {
  readonly #options: EvaluationsOptions
  #abort: AbortController | undefined
  #progress: Progress = idle

  constructor(options: EvaluationsOptions) {
    this.#options = options
  }

  get progress(): Progress {
    return this.#progress
  }

  /** @returns whether anything was running */
  cancel(): boolean {
    const running = this.#abort !== undefined
    this.#abort?.abort()
    return running
  }

  /** @throws VultusError rate.limited where one is running, evaluation.cancelled, model.*, and what the work throws */
  async run<T>(packId: string, work: (ports: EvaluationPorts) => Promise<T>): Promise<T> {
    if (this.#abort !== undefined) throw new VultusError('rate.limited', 'an evaluation is running')
    const abort = new AbortController()
    this.#abort = abort
    const cancelled = () => new VultusError('evaluation.cancelled')
    try {
      return await inThrowAway<FaceFunctions, T>(
        this.#options.spawn(),
        { timeoutMs: dayMs, callTimeoutMs, brokenOff: () => new VultusError('process.restarted', 'face') },
        async (functions) => {
          const model = this.#options.withSiteCalibration(await functions.load({ ...this.#options.packFolders(), packId }))
          const { evaluate, captureFromPicture, takeSample, dropCapture } = functions
          return await work({
            face: { model, evaluate, captureFromPicture, takeSample, dropCapture },
            watch: {
              turn: async () => {
                await nextTurn()
                if (abort.signal.aborted) throw cancelled()
              },
              tell: (stage, done, total) => {
                this.#progress = { stage, done, total }
              },
            },
            now: () => new Date(),
          })
        },
      )
    } finally {
      this.#abort = undefined
      this.#progress = idle
    }
  }
}
