/** The header as a file. */
import { readFileSync } from 'node:fs'
import { VultusError } from '../contract/errors.ts'
import { databasePath, headerPath, sizeOf } from './folder.ts'
import { type Header, headerBytesMax, parseHeader } from './header.ts'

/** @throws vault.missing where there is neither header nor database; vault.damaged, vault.tooNew */
export function readHeader(folder: string): Header {
  const size = sizeOf(headerPath(folder))
  if (size === undefined) {
    throw sizeOf(databasePath(folder)) === undefined
      ? new VultusError('vault.missing')
      : new VultusError('vault.damaged', 'the header is gone')
  }
  if (size > headerBytesMax) throw new VultusError('vault.damaged', 'header')
  return parseHeader(readFileSync(headerPath(folder), 'utf8'))
}
