/** The header as a file. */
import { VultusError } from '../contract/errors.ts'
import { databasePath, headerPath, replaceHeader, sizeOf } from './folder.ts'
import { encodeHeader, type Header, headerBytesMax, parseHeader } from './header.ts'
import { notPlain, readPlainFile } from './plainFile.ts'

/** @throws vault.missing where there is neither header nor database; vault.damaged, vault.tooNew */
export function readHeader(folder: string): Header {
  const path = headerPath(folder)
  const problem = notPlain(path)
  if (problem !== undefined) throw new VultusError('vault.damaged', `the header ${problem}`)
  if (sizeOf(path) === undefined) {
    throw sizeOf(databasePath(folder)) === undefined
      ? new VultusError('vault.missing')
      : new VultusError('vault.damaged', 'the header is gone')
  }
  const bytes = readPlainFile(path, headerBytesMax)
  if (bytes === undefined) throw new VultusError('vault.damaged', 'header')
  return parseHeader(bytes.toString('utf8'))
}

/**
 * After a change that failed: puts the header of before back, where the changed one has taken its place already.
 * @returns whether the header of before stands; false where the changed one does, or none can be read
 */
export function takeHeaderBack(folder: string, former: Header): boolean {
  const text = encodeHeader(former)
  const stands = () => encodeHeader(readHeader(folder)) === text
  try {
    if (!stands()) replaceHeader(folder, former.vaultId, text)
  } catch {
    // What then stands says whether it worked.
  }
  try {
    return stands()
  } catch {
    return false
  }
}
