/**
 * The header (vault.json): what has to be known before there is a key. Its digest finds accidental damage before a
 * passphrase is blamed for it; its key check tells the right key before the database is touched; its MAC finds doctoring.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { VultusError } from '../contract/errors.ts'
import { VaultKind } from '../contract/types.ts'
import { canonicalJson } from './canonical.ts'
import { macOf, type VaultKeys } from './keys/derive.ts'
import { Base64Digest, Base64Salt, KeyRecord } from './keys/provider.ts'
import { RecoveryRecord } from './keys/recoveryKey.ts'

export const headerFormat = 1
export const headerBytesMax = 16 * 1024

const HeaderBody = z.strictObject({
  format: z.literal(headerFormat),
  vaultId: z.uuid(),
  kind: VaultKind,
  createdAt: z.iso.datetime(),
  key: KeyRecord,
  /** Of the page key, once it was changed: how often, and its salt. */
  page: z.strictObject({ generation: z.number().int().positive(), salt: Base64Salt }).optional(),
  recovery: RecoveryRecord.optional(),
})
export type HeaderBody = z.infer<typeof HeaderBody>

const Header = HeaderBody.extend({ keyCheck: Base64Digest, mac: Base64Digest, digest: Base64Digest })
export type Header = z.infer<typeof Header>

const digestOf = (signed: Omit<Header, 'digest'>) => createHash('sha256').update(canonicalJson(signed)).digest('base64')
/** The keys that vouch for a header. */
export type HeaderKeys = Pick<VaultKeys, 'keyCheck' | 'headerMac'>

const keyCheckOf = (keys: HeaderKeys, vaultId: string) => macOf(keys.keyCheck, vaultId)
const headerMacOf = (keys: HeaderKeys, checked: Omit<Header, 'digest' | 'mac'>) => macOf(keys.headerMac, canonicalJson(checked))

/** Completes a header with its key check, MAC and digest. */
export function signHeader(body: HeaderBody, keys: HeaderKeys): Header {
  const checked = { ...body, keyCheck: keyCheckOf(keys, body.vaultId).toString('base64') }
  const signed = { ...checked, mac: headerMacOf(keys, checked).toString('base64') }
  return { ...signed, digest: digestOf(signed) }
}

/** The salt of the page key that a header names; undefined where it was never changed. */
export function pageSaltOf(header: HeaderBody): Buffer | undefined {
  return header.page === undefined ? undefined : Buffer.from(header.page.salt, 'base64')
}

/** What a header says, without what vouches for it: to be signed again with changes. */
export function bodyOf(header: Header): HeaderBody {
  const { keyCheck: _, mac: __, digest: ___, ...body } = header
  return body
}

/** The one text of a header; any other text of the same values is refused as damaged. */
export function encodeHeader(header: Header): string {
  return `${canonicalJson(header)}\n`
}

/** @throws vault.tooNew for a later format or a key provider this version does not know; vault.damaged for anything else that is wrong */
export function parseHeader(text: string): Header {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) throw damagedHeader()
  if ('format' in value && Number.isInteger(value.format) && Number(value.format) > headerFormat) throw new VultusError('vault.tooNew')
  const parsed = Header.safeParse(value)
  if (!parsed.success) throw damagedHeader()
  const { digest, ...signed } = parsed.data
  if (digest !== digestOf(signed) || encodeHeader(parsed.data) !== text) throw damagedHeader()
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw damagedHeader()
  }
}

/**
 * Whether these keys are those of the header, and the header is as it was written.
 * @throws vault.wrongKey, then vault.damaged
 */
export function verifyHeader(header: Header, keys: HeaderKeys): void {
  const { digest: _, mac, ...checked } = header
  if (!timingSafeEqual(keyCheckOf(keys, header.vaultId), Buffer.from(header.keyCheck, 'base64'))) throw new VultusError('vault.wrongKey')
  if (!timingSafeEqual(headerMacOf(keys, checked), Buffer.from(mac, 'base64'))) throw damagedHeader()
}

function damagedHeader(): VultusError {
  return new VultusError('vault.damaged', 'header')
}
