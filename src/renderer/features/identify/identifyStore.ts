/** One search at the desk: the probe and its candidates. */
import { create } from 'zustand'
import type { Refusal } from '../../../contract/errors.ts'
import type { CaptureSummary } from '../../../contract/rows/capture.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { call, refusalFor } from '../../state/station.ts'
import { wantedFmr } from '../../state/subjectId.ts'
import { dropCaptures, takeCapture } from '../../state/takeCapture.ts'
import { captureFile } from '../../ui/pictureFile.ts'

/** A list that a person can look through; every shown picture is one that was opened. */
export const candidatesMax = 20

interface IdentifyState {
  readonly busy: 'capturing' | 'searching' | undefined
  readonly refusal: Refusal | undefined
  readonly probe: CaptureSummary | undefined
  readonly probeAt: Date | undefined
  readonly result: OutputOf<'gallery.identify'> | undefined
}

const fresh: IdentifyState = { busy: undefined, refusal: undefined, probe: undefined, probeAt: undefined, result: undefined }

export const useIdentify = create<IdentifyState>()(() => fresh)
const { getState, setState } = useIdentify

/** Counts searches: the answer to one that was left is dropped. */
let turn = 0

export const closeRefusal = () => setState({ refusal: undefined })
export const searchCamera = () => search(takeCapture)
/** A chosen file is the newest wish: a search under way is left. */
export function searchFile(file: File): Promise<void> {
  clearSearch()
  return search(() => captureFile(file))
}

async function search(take: () => Promise<CaptureSummary>): Promise<void> {
  if (getState().busy !== undefined) return
  clearSearch()
  const began = turn
  setState({ busy: 'capturing' })
  try {
    const probe = await take()
    if (turn !== began) return dropCaptures([probe])
    setState({ probe, probeAt: new Date(), busy: 'searching' })
    const result = await call('gallery.identify', { captureId: probe.captureId, fmr: wantedFmr, limit: candidatesMax })
    if (turn === began) setState({ result })
  } catch (error) {
    if (turn !== began) return
    clearSearch()
    setState({ refusal: refusalFor(error) })
  } finally {
    if (turn === began) setState({ busy: undefined })
  }
}

/** Back to the live picture; a search under way is left. */
export function clearSearch(): void {
  turn++
  const { probe } = getState()
  if (probe !== undefined) dropCaptures([probe])
  setState(fresh)
}
