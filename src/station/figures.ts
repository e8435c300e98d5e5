/** Figures of the moment: the newest search of the gallery, what waits, and memory. Nothing of them is kept. */
import type { SearchExplanation } from '../contract/rows/subject.ts'
import type { OutputOf } from '../contract/table.ts'
import type { MatcherPort } from '../operations/ports.ts'

export class Figures {
  readonly #waitingPictures: () => number
  #search: SearchExplanation | undefined

  /** @param waitingPictures how many pictures wait for a face process */
  constructor(waitingPictures: () => number) {
    this.#waitingPictures = waitingPictures
  }

  /** The matcher, with its searches looked at. */
  watch(matcher: MatcherPort): MatcherPort {
    return {
      search: async (asked) => {
        const answer = await matcher.search(asked)
        this.#search = answer.explanation
        return answer
      },
      searchBatch: (asked) => matcher.searchBatch(asked),
      status: (asked) => matcher.status(asked),
    }
  }

  now(): OutputOf<'station.figures'> {
    return { memoryBytes: process.memoryUsage.rss(), waitingPictures: this.#waitingPictures(), search: this.#told() }
  }

  #told(): OutputOf<'station.figures'>['search'] {
    if (this.#search === undefined) return null
    const { stage, reason, kernel, threads, rowsRead, survivors, ms } = this.#search
    return { stage, reason, kernel, threads, rowsRead, survivors, ms }
  }
}
