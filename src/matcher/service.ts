/**
 * The matcher as the station sees it.
 * 1. A gallery answers only between `ready` and the next `begin` of its model; then it holds what the vault holds at `sequence`.
 * 2. A change is taken only when it is the very next one. Anything else, an older one too, is a gap: false, and the station loads again.
 * 3. Loads and changes take turns in the order of asking. Searches do not wait for them: each sees one sequence, whole.
 * 4. What came over the port is checked before it touches a gallery.
 */
import { createHash } from 'node:crypto'
import { outcomeOf, VultusError } from '../contract/errors.ts'
import type { GalleryRows, MatcherAnswer, MatcherFunctions } from '../contract/processes.ts'
import { galleryFormatOf } from '../core/gallery/galleryFormat.ts'
import type { BatchQuery, Engine, GalleryHandle, SearchAnswer } from './api.ts'
import {
  checkBegin,
  checkChange,
  checkLabels,
  checkModel,
  checkRecord,
  checkRows,
  checkSearch,
  checkSequence,
  openedBlock,
  probesOf,
} from './checks.ts'
import { Turns } from './turns.ts'

const nothingRemoved = new Uint32Array()
const nothingAdded: GalleryRows = { referenceNos: new Uint32Array(), templates: new Float32Array() }

export interface MatcherOptions {
  readonly engine: Engine
  /** Sees what has no row in the error table. */
  readonly onBug: (error: unknown) => void
}

interface Loaded {
  readonly gallery: GalleryHandle
  /** Of blocks that it takes. */
  readonly format: string
  ready: boolean
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Makes an empty matcher. */
export function createMatcher({ engine, onBug }: MatcherOptions): MatcherFunctions {
  const turns = new Turns()
  const loaded = new Map<string, Loaded>()
  let current: Loaded | undefined

  const inTurn = <T>(run: () => Promise<T> | T) => outcomeOf(() => turns.take(run), onBug)

  const loading = (what: string): Loaded => {
    if (current === undefined || current.ready) throw new VultusError('request.invalid', what)
    return current
  }

  /** @throws VultusError gallery.notReady, template.invalid where no gallery of this model is loaded, but others are */
  const toSearch = (model: unknown): GalleryHandle => {
    const one = typeof model === 'string' ? loaded.get(model) : undefined
    if (one?.ready === true) return one.gallery
    if (one === undefined && current?.ready === true) throw new VultusError('template.invalid', 'the template was made by another model')
    throw new VultusError('gallery.notReady')
  }

  return {
    begin: (asked) =>
      inTurn(() => {
        checkBegin(asked)
        const { model, meanTemplate, rowsExpected } = asked
        const format = galleryFormatOf({ id: model, meanTemplate }, sha256)
        current = { gallery: engine.open({ model, meanTemplate, rowsExpected }), format, ready: false }
        loaded.set(model, current)
        return null
      }),

    loadRows: (rows) =>
      inTurn(async () => {
        const { gallery } = loading('rows are loaded between begin and ready')
        checkRows(rows, gallery.dimension)
        await gallery.change(rows, nothingRemoved, 0)
        return null
      }),

    loadBlock: (rows) =>
      inTurn(async () => {
        const { gallery, format } = loading('blocks are loaded between begin and ready')
        await gallery.load(openedBlock(rows, format), rows.without)
        return null
      }),

    loadLabels: (labels) =>
      inTurn(async () => {
        const { gallery } = loading('labels are loaded between begin and ready')
        checkLabels(labels)
        await gallery.label(labels)
        return null
      }),

    ready: (asked) =>
      inTurn(async () => {
        const one = loading('ready ends what begin started')
        checkRecord(asked)
        checkSequence(asked.sequence)
        // A load that lost a batch, or was mixed with another, would lose matches for as long as the station runs.
        if (one.gallery.size !== asked.rows) {
          throw new VultusError('request.invalid', `the gallery holds ${one.gallery.size} of ${asked.rows} rows`)
        }
        await one.gallery.change(nothingAdded, nothingRemoved, asked.sequence)
        one.ready = true
        return null
      }),

    apply: (change) =>
      inTurn(async () => {
        checkRecord(change)
        if (change.model !== undefined) checkModel(change.model)
        const one = change.model === undefined ? current : loaded.get(change.model)
        if (one === undefined || !one.ready) return false
        checkChange(change, one.gallery.dimension)
        if (change.sequence !== one.gallery.sequence + 1) return false
        await one.gallery.change(change.added, change.removed, change.sequence, change.relabelled)
        return true
      }),

    search: (asked) =>
      outcomeOf(async () => {
        checkRecord(asked)
        const gallery = toSearch(asked.model)
        checkSearch(asked, gallery.dimension)
        if (asked.probe.length !== gallery.dimension) throw new VultusError('template.invalid', `the dimension is ${gallery.dimension}`)
        return wireAnswer(await gallery.search(asked.probe, asked))
      }, onBug),

    searchBatch: (asked) =>
      outcomeOf(async () => {
        checkRecord(asked)
        const gallery = toSearch(asked.model)
        checkSearch(asked, gallery.dimension)
        const { threshold, limit, filter, stage } = asked
        const queries: BatchQuery[] = probesOf(asked.probe, gallery.dimension).map((probe) => ({ probe, threshold, limit, filter, stage }))
        return (await gallery.searchBatch(queries)).map(wireAnswer)
      }, onBug),

    drop: (asked) =>
      inTurn(async () => {
        checkRecord(asked)
        checkModel(asked.model)
        const one = loaded.get(asked.model)
        loaded.delete(asked.model)
        if (current === one) current = undefined
        return engine.drop(asked.model)
      }),

    status: (asked) =>
      outcomeOf(() => {
        const model = asked?.model
        const one = model === undefined ? current : loaded.get(model)
        return {
          model: one?.gallery.model ?? null,
          references: one?.gallery.size ?? 0,
          sequence: one?.ready === true ? one.gallery.sequence : 0,
          kernel: engine.kernel,
          threads: engine.threads,
          ready: one?.ready === true,
        }
      }, onBug),
  }
}

function wireAnswer({ candidates, sequence, rows, explanation }: SearchAnswer): MatcherAnswer {
  return { candidates: candidates.map(({ referenceNo, scoreMax }) => ({ referenceNo, scoreMax })), sequence, rows, explanation }
}
