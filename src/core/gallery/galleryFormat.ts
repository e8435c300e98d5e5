/**
 * What a sealed block of rows was made for. Rows can be searched together only where layout, dimension, model and mean template are the
 * same: a row that was made around another mean has bounds that mean something else.
 */
import { rowLayoutVersion } from './rowLayout.ts'

/** The model of a gallery, as far as rows depend on it. */
export interface GalleryModel {
  /** Pack id and version. */
  readonly id: string
  /** Its length is the dimension. */
  readonly meanTemplate: Float32Array
}

/** SHA-256 of bytes, in hexadecimal. */
export type Sha256 = (bytes: Uint8Array) => string

/** Names the format of blocks of a model's rows: layout version, dimension, hash of the mean template, model. */
export function galleryFormatOf({ id, meanTemplate }: GalleryModel, sha256: Sha256): string {
  const mean = new Uint8Array(Float32Array.from(meanTemplate).buffer)
  return `blocks ${rowLayoutVersion} ${meanTemplate.length} ${sha256(mean)} ${id}`
}

const numberDigits = 12

/** A format as a whole number below 2^48, different for different formats as far as a hash is: what the vault's manifest keeps of it. */
export const formatNumberOf = (format: string, sha256: Sha256): number =>
  Number.parseInt(sha256(new TextEncoder().encode(format)).slice(0, numberDigits), 16)
