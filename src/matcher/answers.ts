/** Joins what the threads of a pass found into answers, and tells the planner what they met. */
import { blockRows } from '../core/gallery/rowLayout.ts'
import type { Candidate, Explanation, SearchAnswer } from './api.ts'
import { Best } from './best.ts'
import { eachFinding } from './findings.ts'
import type { Gallery, Snapshot } from './gallery.ts'
import type { KernelName } from './kernelFile.ts'
import type { PassPart, PassQuery } from './passJob.ts'
import type { Choice } from './planner.ts'
import type { Shape } from './shape.ts'

/** A query of a pass, and why it is as it is. */
export interface Planned {
  readonly asked: PassQuery
  readonly choice: Choice
  /** Threshold above the probe's score with the mean, in lengths of its residual. */
  readonly margin: number
}

export interface Finished {
  readonly gallery: Gallery
  readonly snapshot: Snapshot
  readonly planned: readonly Planned[]
  readonly parts: readonly PassPart[]
  readonly threads: number
  readonly started: number
  readonly kernel: KernelName
}

/** The snapshot is still held: the places of the findings still belong to the rows that were found. */
export function answersOf(finished: Finished): SearchAnswer[] {
  const { gallery, snapshot, planned, parts } = finished
  return planned.map((plan, index) => {
    const candidates = candidatesOf(gallery, plan, parts, index)
    const explanation = explanationOf(finished, plan, index, candidates.length)
    const packed = sumOf(parts, (part) => part.rowsPacked[index]!)
    // A search for the best few has no margin of its own.
    if (plan.asked.limit === 0)
      gallery.planner.learnShare(
        plan.margin,
        packed,
        sumOf(parts, (part) => part.survivorsPacked[index]!),
      )
    return { candidates, sequence: snapshot.sequence, rows: snapshot.size, explanation }
  })
}

function candidatesOf(gallery: Gallery, { asked }: Planned, parts: readonly PassPart[], index: number): Candidate[] {
  let floor = asked.threshold
  if (asked.limit > 0) {
    const best = new Best(asked.limit)
    for (const part of parts) eachFinding(part.found[index]!, (_slot, _scoreMax, scoreMin) => best.add(scoreMin))
    floor = Math.max(floor, best.floor)
  }
  const candidates: Candidate[] = []
  for (const part of parts) {
    eachFinding(part.found[index]!, (slot, scoreMax, scoreMin) => {
      if (scoreMax >= floor) candidates.push({ referenceNo: gallery.rows.referenceNoAt(slot), scoreMax, scoreMin })
    })
  }
  return candidates.sort((a, b) => b.scoreMax - a.scoreMax || a.referenceNo - b.referenceNo)
}

function explanationOf(finished: Finished, { choice }: Planned, index: number, candidates: number): Explanation {
  const { gallery, snapshot, parts, planned, threads, started, kernel } = finished
  const packed = sumOf(parts, (part) => part.rowsPacked[index]!)
  const flat = sumOf(parts, (part) => part.rowsFlat[index]!)
  const survivors = sumOf(parts, (part) => part.survivors[index]!)
  const stage = packed === 0 && flat === 0 ? choice.stage : packed >= flat ? 'packed' : 'flat'
  return {
    stage,
    reason: choice.reason !== 'asked' && stage !== choice.stage ? 'measured' : choice.reason,
    kernel,
    threads,
    probes: planned.length,
    rowsRead: packed + flat,
    survivors,
    survivorsExpected: choice.shareExpected === null ? null : Math.round(choice.shareExpected * snapshot.slots),
    candidates,
    bytes: bytesOf(gallery.rows.shape, packed, flat, survivors),
    ms: performance.now() - started,
  }
}

/** Bytes of blocks that were read; each survivor of the packed stage may have opened a bottom block of its own. */
function bytesOf(shape: Shape, packed: number, flat: number, survivors: number): number {
  const blocks = Math.ceil(packed / blockRows)
  const both = Math.ceil(flat / blockRows) * (shape.topBlockBytes + shape.bottomBlockBytes)
  return blocks * shape.topBlockBytes + both + Math.min(survivors, blocks) * shape.bottomBlockBytes
}

const sumOf = (parts: readonly PassPart[], value: (part: PassPart) => number): number =>
  parts.reduce((total, part) => total + value(part), 0)
