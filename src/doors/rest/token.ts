/** The bearer token of the REST door: 256 random bits, or the content of a private file. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { VultusError } from '../../contract/errors.ts'

const tokenPattern = /^[A-Za-z0-9._~+/=-]{32,512}$/
const tokenFileBytesMax = 1024
const readableByOthers = 0o077

export const makeToken = (): string => randomBytes(32).toString('base64url')

async function contentOf(path: string, name: string): Promise<string> {
  // Non-blocking: a pipe that nobody writes to must not hold the service.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => {
    throw new VultusError('request.invalid', `token file ${name}: it cannot be read`)
  })
  try {
    const { mode, size } = await file.stat().then((found) => (found.isFile() ? found : { mode: 0, size: tokenFileBytesMax + 1 }))
    if (size > tokenFileBytesMax) throw new VultusError('request.invalid', `token file ${name}: it is not a small file`)
    if (process.platform !== 'win32' && (mode & readableByOthers) !== 0) {
      throw new VultusError('request.invalid', `token file ${name}: others can read it; use chmod 600`)
    }
    return (await file.readFile('utf8')).trim()
  } finally {
    await file.close()
  }
}

/**
 * Reads the token from a file that only its owner can read.
 * @throws VultusError request.invalid saying what is wrong with the file, never what is in it
 */
export async function readTokenFile(path: string): Promise<string> {
  const name = basename(path)
  const token = await contentOf(path, name)
  if (tokenPattern.test(token)) return token
  throw new VultusError('request.invalid', `token file ${name}: a token has 32 to 512 of the characters A-Z a-z 0-9 . _ ~ + / = -`)
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** What stands behind Bearer; empty where nothing does. */
export const bearerOf = (authorization: string | undefined): string => /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''

/** A check of an Authorization header that takes as long for any wrong token. */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token)
  return (authorization) => {
    const given = bearerOf(authorization)
    return timingSafeEqual(digest(given), expected) && given !== ''
  }
}
