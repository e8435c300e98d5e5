/** The header as a file. */
import { VultusError } from '../contract/errors.ts'
import { databasePath, headerPath, sizeOf } from './folder.ts'
import { type Header, headerBytesMax, parseHeader } from './header.ts'
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
