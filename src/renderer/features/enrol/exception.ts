/** Enrolment of somebody of whom no face can be captured. */

import { VultusError } from '../../../contract/errors.ts'
import type { ExceptionReason } from '../../../contract/intake.ts'
import { limits } from '../../../contract/types.ts'
import { liveFeed } from '../../live/live.ts'
import { text } from '../../locale/text.ts'
import { useFormPolicy } from '../../state/formPolicy.ts'
import { call } from '../../state/station.ts'
import { settled } from './draftKeeper.ts'
import { isFormRight, subjectInput } from './enrolForm.ts'
import { agreedTo, busyWith, ended, refused } from './enrolling.ts'
import { useEnrol } from './enrolStore.ts'

const { getState, setState } = useEnrol

const wordsMin = 3
/** Of a photograph of a document. */
const photoQuality = 0.92

/** Only of who is filled in: an exception is about a person. */
export function openException(): void {
  if (isFormRight()) setState({ step: 'exception', refusal: undefined, notice: undefined })
}

export const leaveException = () => setState({ step: 'capture', refusal: undefined, notice: undefined })
export const chooseException = (exception: ExceptionReason | null) => setState({ exception, notice: undefined })
export const setExceptionNote = (exceptionNote: string) => setState({ exceptionNote, notice: undefined })
export const removeProof = () => setState({ proof: null })

export const addProof = (files: readonly File[]) =>
  busyWith('reading', async () => {
    const [file] = files
    if (file === undefined) return
    if (file.size > limits.pictureBytesMax) throw new VultusError('picture.tooLarge', file.name)
    const picture = await file.arrayBuffer().catch(() => {
      throw new VultusError('picture.unreadable', file.name)
    })
    if (picture.byteLength === 0) throw new VultusError('picture.empty', file.name)
    setState({ proof: new Uint8Array(picture) })
  })

/** Takes what the camera shows now, at its full size. */
export const photographProof = () =>
  busyWith('capturing', async () => {
    const { video } = liveFeed
    if (video.videoWidth === 0) throw new VultusError('capture.notReady')
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    const photo = await canvas.convertToBlob({ type: 'image/jpeg', quality: photoQuality })
    setState({ proof: new Uint8Array(await photo.arrayBuffer()) })
  })

/** What is still missing, in words; undefined where nothing is. */
function missing(): string | undefined {
  const { exception, exceptionNote, proof } = getState()
  if (exception === null) return text.exception.reasonNeeded
  if (exception === 'other' && exceptionNote.trim().length < wordsMin) return text.exception.wordsNeeded
  if (proof === null && useFormPolicy.getState().exceptions.proof === 'required') return text.exception.proofNeeded
  return undefined
}

/** Sends it to a supervisor; where the site lets operators confirm, the subject is enrolled at once. */
export async function propose(): Promise<void> {
  const { exception, busy } = getState()
  if (busy !== undefined || !isFormRight()) return
  const notice = missing()
  if (notice !== undefined || exception === null) return setState({ notice })
  await busyWith('enrolling', async () => {
    await settled()
    const state = getState()
    const answer = await call('exception.propose', {
      ...subjectInput(state),
      ...agreedTo(state),
      ...(state.draft === undefined ? {} : { draft: state.draft }),
      ...(state.proof === null ? {} : { proof: state.proof }),
      reason: exception,
      note: state.exceptionNote,
    }).catch(refused)
    ended({ kind: answer.state === 'enrolled' ? 'exception' : 'waiting', id: answer.id })
  })
}
