/**
 * The matcher as the station sees it.
 * 1. Searches and changes take turns: each search sees one sequence, whole.
 * 2. The gallery answers only between `ready` and the next `begin`; then it holds what the vault holds at `sequence`.
 * 3. A change is taken only when it is the very next one. Anything else, an older one too, is a gap: false, and the station loads again.
 * 4. status does not wait for a turn.
 */
import { outcomeOf, VultusError } from '../contract/errors.ts'
import type { MatcherFunctions } from '../contract/processes.ts'
import { checkBegin, checkChange, checkRecord, checkRows, checkSearch, checkSequence } from './checks.ts'
import { Gallery } from './gallery.ts'
import type { Kernel } from './kernelFile.ts'
import { Turns } from './turns.ts'

/** Searches and changes hand the process over to other calls after working this long. */
const workMsMax = 10
const nothingRemoved = new Uint32Array()

export interface MatcherOptions {
  readonly kernel: Kernel
  /** Limit of the gallery's memory; never more than 4 GiB. */
  readonly memoryBytesMax: number
  /** Sees what has no row in the error table. */
  readonly onBug: (error: unknown) => void
}

/**
 * Makes an empty matcher.
 * @throws VultusError resource.exhausted where the gallery has no address space
 */
export function createMatcher(options: MatcherOptions): MatcherFunctions {
  const gallery = new Gallery(options.kernel, options.memoryBytesMax)
  const turns = new Turns()
  let model: string | null = null
  let sequence = 0
  let ready = false

  const kernel = options.kernel.name === 'scalar' ? 'scalar' : 'simd'
  const inTurn = <T>(run: () => Promise<T> | T) => outcomeOf(() => turns.take(run), options.onBug)

  return {
    begin: (asked) =>
      inTurn(() => {
        checkBegin(asked)
        gallery.begin(asked.meanTemplate, asked.rowsExpected)
        model = asked.model
        sequence = 0
        ready = false
        return null
      }),

    loadRows: (rows) =>
      inTurn(async () => {
        if (model === null || ready) throw new VultusError('request.invalid', 'rows are loaded between begin and ready')
        checkRows(rows, gallery.dimension)
        await gallery.change(rows, nothingRemoved, breather())
        return null
      }),

    ready: (asked) =>
      inTurn(() => {
        if (model === null || ready) throw new VultusError('request.invalid', 'ready ends what begin started')
        checkRecord(asked)
        checkSequence(asked.sequence)
        // A load that lost a batch, or was mixed with another, would lose matches for as long as the station runs.
        if (gallery.size !== asked.rows) {
          throw new VultusError('request.invalid', `the gallery holds ${gallery.size} of ${asked.rows} rows`)
        }
        sequence = asked.sequence
        ready = true
        return null
      }),

    apply: (change) =>
      inTurn(async () => {
        if (!ready) return false
        checkChange(change, gallery.dimension)
        if (change.sequence !== sequence + 1) return false
        await gallery.change(change.added, change.removed, breather())
        sequence = change.sequence
        return true
      }),

    search: (asked) =>
      inTurn(async () => {
        if (!ready) throw new VultusError('gallery.notReady')
        checkRecord(asked)
        if (asked.model !== model) throw new VultusError('template.invalid', 'the template was made by another model')
        checkSearch(asked, gallery.dimension)
        const candidates = await gallery.search(asked.probe, asked.threshold, breather())
        return { candidates, sequence, rows: gallery.size }
      }),

    status: () => outcomeOf(() => ({ model, references: gallery.size, sequence, kernel, ready }), options.onBug),
  }
}

/** Lets waiting messages in whenever the work since the last time was long enough. */
function breather(): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < workMsMax) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        since = performance.now()
        resolve()
      }),
    )
  }
}
