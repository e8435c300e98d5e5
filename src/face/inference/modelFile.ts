/** Model files: read whole, and held against what the manifest says of them. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { VultusError } from '../../contract/errors.ts'

/** A model file as the manifest names it. */
export interface ModelFile {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

/**
 * Reads a model file and holds it against its checksum.
 * @throws VultusError model.missing, model.invalid
 */
export async function readModel(file: ModelFile): Promise<Uint8Array> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file.path)
  } catch (error) {
    throw new VultusError(isMissing(error) ? 'model.missing' : 'model.invalid', undefined, { cause: error })
  }
  if (bytes.length !== file.bytes || createHash('sha256').update(bytes).digest('hex') !== file.sha256)
    throw new VultusError('model.invalid')
  return bytes
}
