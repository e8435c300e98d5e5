/**
 * The matcher inside a process: galleries of several models in shared memory, searched by worker threads. The matcher process serves it
 * over its port (service.ts); the bench drives it directly: `createEngine` of engine.ts.
 */
import type { GalleryLabels, LabelFilter, PossibleCandidate } from '../contract/processes.ts'
import type { SearchExplanation } from '../contract/rows/subject.ts'
import type { GalleryBlock } from '../core/gallery/block.ts'
import type { KernelName } from './kernelFile.ts'

/**
 * How a pass reads the gallery: `packed` reads 4 bits of each number and finishes the rows that the proven bound leaves with 8 bits,
 * `flat` reads 8 bits of every row.
 */
export const stageNames = ['packed', 'flat'] as const
export type StageName = (typeof stageNames)[number]

export interface SearchOptions {
  /** Score from which a row counts; -2 takes every row. */
  readonly threshold: number
  /** Only rows that may be among the best so many (ties of the last included); without it every row at or above the threshold. */
  readonly limit?: number | undefined
  readonly filter?: LabelFilter | undefined
  /** Takes this stage instead of choosing; only the speed depends on it. */
  readonly stage?: StageName | undefined
}

export interface BatchQuery extends SearchOptions {
  /** Unit length, the gallery's dimension. */
  readonly probe: Float32Array
}

/** What a search did. Figures of a batch's pass are those of the whole pass, except survivors and candidates. */
export type Explanation = SearchExplanation

export interface SearchAnswer {
  /** Best bound first, ties by reference number. Every row that belongs to the answer is here; the exact score decides. */
  readonly candidates: readonly Candidate[]
  /** The sequence at which the gallery was read, whole. */
  readonly sequence: number
  /** Rows of the gallery at that sequence. */
  readonly rows: number
  readonly explanation: Explanation
}

/** scoreMin <= exact score <= scoreMax, proven. */
export interface Candidate extends PossibleCandidate {
  readonly scoreMin: number
}

/** Rows to add or to replace: referenceNos[i] (1 or more) has templates[i * dimension ...] and labels[i]. */
export interface RowsToAdd {
  readonly referenceNos: Uint32Array
  /** Row-major float32, rows of unit length. Not kept: may be used again once the promise is settled. */
  readonly templates: Float32Array
  /** See core/labels.ts; all 0 where it is missing. */
  readonly labels?: Uint32Array | undefined
}

/** The rows of one model. Calls may overlap: each search sees one sequence, whole; changes take effect in the order of asking. */
export interface GalleryHandle {
  readonly model: string
  readonly dimension: number
  /** Rows at the present sequence. */
  readonly size: number
  readonly sequence: number
  /** Bytes of shared memory it has taken from the machine (address space; pages that were never written cost nothing). */
  readonly memoryBytes: number
  /**
   * Removes, then adds or replaces, then labels, as one change. Rows are taken as they are: whoever is at the door has checked them.
   * @param sequence the gallery's sequence afterwards @param relabelled labels of rows that stay; those that are not there are passed over
   * @throws VultusError resource.exhausted with nothing changed
   */
  change(added: RowsToAdd, removed: Uint32Array, sequence: number, relabelled?: GalleryLabels): Promise<void>
  /**
   * Adds or replaces rows that come as they lie in memory, as one change at the same sequence. The block is taken as it is: whoever is at the
   * door has opened it and compared its format. Not kept: may be used again once the promise is settled.
   * @param without rows of it that are left out @throws VultusError resource.exhausted with nothing changed
   */
  load(block: GalleryBlock, without: Uint32Array): Promise<void>
  /** Labels rows in their places, of a gallery that nobody searches yet; those that are not there are passed over. */
  label(labels: GalleryLabels): Promise<void>
  search(probe: Float32Array, options: SearchOptions): Promise<SearchAnswer>
  /** All probes in one pass where they fit (32), answers in their order. */
  searchBatch(queries: readonly BatchQuery[]): Promise<SearchAnswer[]>
  /**
   * Reads the stored numbers of all rows (8 bits each) with the engine's threads and does nothing with them: the floor for a flat scan.
   * @returns milliseconds and bytes read
   */
  stream(): Promise<{ ms: number; bytes: number }>
  /** Forgets the gallery and gives its memory back. Searches that run are finished first. */
  drop(): Promise<void>
}

export interface EngineOptions {
  /** Worker threads; 0 searches in the caller's thread. Cores of the machine by default. */
  readonly threads?: number | undefined
  /** Limit of all galleries together. */
  readonly memoryBytesMax?: number | undefined
  /** Limit of one WebAssembly memory, at most 4 GiB; a gallery takes another when one is full. */
  readonly bankBytesMax?: number | undefined
  /** Takes this build of the kernel instead of the best that the machine runs. */
  readonly kernel?: KernelName | undefined
  /** Folder with the built kernels (a URL that ends in a slash); found beside the program by default. */
  readonly kernelFolder?: URL | undefined
  /** Galleries with fewer rows are searched without the workers; 2,000 by default. */
  readonly directRowsMax?: number | undefined
}

export interface Engine {
  readonly kernel: KernelName
  readonly threads: number
  /**
   * Makes an empty gallery, in place of one of the same model.
   * @param options rowsExpected reserves memory @throws VultusError resource.exhausted
   */
  open(options: { model: string; meanTemplate: Float32Array; rowsExpected?: number; sequence?: number }): GalleryHandle
  gallery(model: string): GalleryHandle | undefined
  /** Forgets the gallery of a model and gives its memory back. @returns false where there is none */
  drop(model: string): Promise<boolean>
  /** Ends the workers; everything waiting is refused. */
  close(): Promise<void>
}
