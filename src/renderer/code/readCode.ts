/** Reads QR codes from pictures of the live camera. */
import decodeQR from 'qr/decode.js'

/** What a frame takes at most beyond its first look, milliseconds: the overlay is drawn on the same thread. */
const lookMsMax = 8

/** @returns the text of the code in the picture, or undefined where there is none that can be read */
export function readCode({ width, height, data }: Pick<ImageData, 'width' | 'height' | 'data'>): string | undefined {
  try {
    return decodeQR({ width, height, data }, { timeLimit: lookMsMax })
  } catch {
    // The reader throws for pictures without a code: most of them.
    return undefined
  }
}
