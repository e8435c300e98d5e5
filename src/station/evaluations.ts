/**
 * The one evaluation that may run at a time, in face processes of its own, so that the desk does not wait for it.
 * It can be watched and cancelled; when the station closes it is cancelled.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { VultusError } from '../contract/errors.ts'
import type { EmbeddingModel } from '../contract/processes.ts'
import type { OutputOf } from '../contract/table.ts'
import type { EvaluationPorts } from '../operations/evaluate.ts'
import type { Packs } from './packs.ts'
import { bulkProcesses } from './processCount.ts'

export interface EvaluationsOptions {
  readonly withPool: Packs['withPool']
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
      const watch: EvaluationPorts['watch'] = {
        turn: async () => {
          await nextTurn()
          if (abort.signal.aborted) throw cancelled()
        },
        tell: (stage, done, total) => {
          this.#progress = { stage, done, total }
        },
      }
      return await this.#options.withPool(packId, bulkProcesses(), async (pool, model) => {
        const face: EvaluationPorts['face'] = {
          model: this.#options.withSiteCalibration(model),
          atOnce: pool.processesMax,
          evaluate: (asked) => pool.run(asked.picture.length, (one) => one.evaluate(asked)),
          worsened: (asked) => pool.run(0, (one) => one.worsened(asked)),
          lookAtPicture: (asked) => pool.run(asked.picture.length, (one) => one.lookAtPicture(asked)),
        }
        return await work({ face, watch, now: () => new Date() })
      })
    } finally {
      this.#abort = undefined
      this.#progress = idle
    }
  }
}
