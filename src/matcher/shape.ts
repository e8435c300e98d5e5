/**
 * Where the rows of one dimension lie in a memory ("bank"). Everything follows from dimension, threads and the bank's limit, so that
 * every thread computes the same addresses. core/gallery/rowLayout.ts draws the blocks.
 *
 *   head      for each thread: queries, entries, findings, scratch
 *   segments  each: top blocks, bottom blocks, reference numbers, labels, born, died (u32 a row each)
 */
import { blockRows, blockShapeOf } from '../core/gallery/rowLayout.ts'

/** Rows of a segment, the step in which a gallery grows. */
export const segmentRows = 16_384
/** Rows that a thread takes at a time. */
export const chunkRows = 4_096
export const chunksPerSegment = segmentRows / chunkRows
/** Probes that share a pass. */
export const queriesMax = 32
/** Entries that a scan may list at a time. */
export const entriesMax = 16_384
export const pageBytes = 65_536

/** Dimensions whose sums stay in 16 bits in a batch, and what the numbers of one sign of a probe sum to at most for that (query.ts). */
export const sectionDimensions = 512
/** Probes that a batch takes at once. */
export const queriesAtOnce = 4
/** Bytes of a query before its numbers. */
export const queryHeaderBytes = 64
const findingBytes = 12

export interface Shape {
  readonly dimension: number
  /** Dimensions with zeros added, a multiple of 8. */
  readonly padded: number
  readonly groups: number
  readonly topBlockBytes: number
  readonly bottomBlockBytes: number
  /** Addresses in a segment, counted from its start. */
  readonly bottomAt: number
  readonly referencesAt: number
  readonly labelsAt: number
  readonly bornAt: number
  readonly diedAt: number
  readonly segmentBytes: number
  readonly headBytes: number
  readonly segmentsPerBank: number
  readonly queryBytes: number
  readonly scratchOf: (thread: number) => Scratch
}

/** Addresses of a thread's own place in a bank. Thread 0 is the engine's. */
export interface Scratch {
  readonly queries: number
  /** The first numbers of a batch's queries, as its kernel reads them (query.ts). */
  readonly quads: number
  readonly entries: number
  readonly found: number
  readonly work: number
}

/** The next multiple of a step. */
export const roundUp = (value: number, step: number) => Math.ceil(value / step) * step

/** @param threads workers; the engine's own thread comes on top */
export function shapeOf(dimension: number, threads: number, bankBytesMax: number): Shape {
  const { padded, groups, topBlockBytes, bottomBlockBytes } = blockShapeOf(dimension)
  const blocks = segmentRows / blockRows
  const bottomAt = blocks * topBlockBytes
  const referencesAt = bottomAt + blocks * bottomBlockBytes
  const rowWords = segmentRows * 4
  const segmentBytes = roundUp(referencesAt + 4 * rowWords, pageBytes)

  const scratchAt = 256
  const queryBytes = roundUp(queryHeaderBytes + padded * 2, 64)
  const quadsAt = queriesMax * queryBytes
  const entriesAt = quadsAt + queriesMax * padded
  const foundAt = entriesAt + entriesMax * 4
  const workAt = foundAt + entriesMax * findingBytes
  const scratchBytes = roundUp(workAt + groups * 128 + Math.ceil(padded / sectionDimensions) * 256 + 64, 256)
  const headBytes = roundUp(scratchAt + (threads + 1) * scratchBytes, pageBytes)
  return {
    dimension,
    padded,
    groups,
    topBlockBytes,
    bottomBlockBytes,
    bottomAt,
    referencesAt,
    labelsAt: referencesAt + rowWords,
    bornAt: referencesAt + 2 * rowWords,
    diedAt: referencesAt + 3 * rowWords,
    segmentBytes,
    headBytes,
    segmentsPerBank: Math.max(0, Math.floor((bankBytesMax - headBytes) / segmentBytes)),
    queryBytes,
    scratchOf: (thread) => {
      const at = scratchAt + thread * scratchBytes
      return { queries: at, quads: at + quadsAt, entries: at + entriesAt, found: at + foundAt, work: at + workAt }
    },
  }
}
