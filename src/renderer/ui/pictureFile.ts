/** A picture file that an operator chose becomes a capture, or a refusal that says what to do. */
import { VultusError } from '../../contract/errors.ts'
import type { CaptureSummary } from '../../contract/rows/capture.ts'
import { limits } from '../../contract/types.ts'
import { call } from '../state/station.ts'

const accepted = 'image/jpeg,image/png,image/webp,image/tiff,image/gif'

/**
 * Opens the system's file dialog. Resolves with no files where it was cancelled.
 * The field stands in the page until then: one that nothing holds may be collected while its dialog is open, and what was chosen is lost.
 */
export function askForPictures(several: boolean): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accepted
    input.multiple = several
    input.hidden = true
    const answer = (files: readonly File[]) => {
      input.remove()
      resolve(files)
    }
    input.addEventListener('change', () => answer([...(input.files ?? [])]))
    input.addEventListener('cancel', () => answer([]))
    document.body.append(input)
    input.click()
  })
}

/** @throws VultusError picture.empty, picture.tooLarge, picture.unreadable, and what the station refuses */
export async function captureFile(file: File): Promise<CaptureSummary> {
  if (file.size > limits.pictureBytesMax) throw new VultusError('picture.tooLarge', file.name)
  // A folder that is dropped looks like a file that cannot be read.
  const picture = await file.arrayBuffer().catch(() => {
    throw new VultusError('picture.unreadable', file.name)
  })
  if (picture.byteLength === 0) throw new VultusError('picture.empty', file.name)
  try {
    return await call('capture.fromPicture', { picture: new Uint8Array(picture), source: 'file' })
  } catch (error) {
    // Of several files the refused one has to be known.
    if (!(error instanceof VultusError)) throw error
    const { code, detail, data } = error
    throw new VultusError(code, detail === undefined ? file.name : `${file.name}: ${detail}`, {
      ...(data === undefined ? {} : { data }),
      cause: error,
    })
  }
}
