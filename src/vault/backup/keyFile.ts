/**
 * The key file of a vault's backups: the one thing without which no generation can be read.
 *
 *   "VULTUS-KEYS/1\n" · length of the header (4 bytes, big endian) · header (canonical JSON) · nonce (12) · tag (16) ·
 *   sealed contents · SHA-256 of all before (32)
 *
 * 1. The contents (page key, size and digest of each generation; subject keys) are sealed with AES-256-GCM under a backup
 *    key that is new for each file. The header is authenticated with them: vault, time, and the header of the vault.
 * 2. The backup key is wrapped by a key derived from the root key; the root key is in the vault's header, wrapped by its
 *    provider and by the recovery key. So a new machine needs the file and the recovery key, and nothing else.
 * 3. The digest at the end finds accidents before a passphrase is blamed for them.
 */
import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { VultusError } from '../../contract/errors.ts'
import { canonicalJson, type Json } from '../canonical.ts'
import { nonceBytes, sameBytes, tagBytes } from '../ciphers.ts'
import { encodeHeader, type Header, parseHeader } from '../header.ts'
import { hkdf } from '../keys/derive.ts'
import { keyBytes, WrappedRootKey } from '../keys/provider.ts'
import { unwrapRootKey, wrapRootKey } from '../keys/wrapping.ts'
import type { RandomSource } from '../random.ts'
import { Sealer, unsealFor } from '../seal.ts'
import { subjectKeyRecordBytes } from './subjectKeys.ts'

const magic = Buffer.from('VULTUS-KEYS/1\n')
const digestBytes = 32
const lengthBytes = 4
/** Far above what a vault of millions of subjects needs. */
export const keyFileBytesMax = 1024 * 1024 * 1024

const KeyFileHeader = z.strictObject({
  format: z.literal(1),
  vaultId: z.uuid(),
  writtenAt: z.iso.datetime(),
  /** The header of the vault as text. */
  vaultHeader: z.string().max(16 * 1024),
  backupKey: z.strictObject(WrappedRootKey),
})

/** A generation as the key file knows it. */
const Generation = z.strictObject({
  number: z.number().int().positive().max(0xffff_ffff),
  createdAt: z.iso.datetime(),
  bytes: z.number().int().positive(),
  /** SHA-256 of the file, hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  subjects: z.number().int().nonnegative(),
  /** 32 bytes, base64. */
  pageKey: z.string().length(44),
})
export type Generation = z.infer<typeof Generation>
const Contents = z.strictObject({ generations: z.array(Generation).max(10_000) })

/** What is sealed. */
export interface KeyFileContents {
  /** Ascending by number. */
  readonly generations: readonly Generation[]
  /** As backup/subjectKeys.ts lays them out; zeroed by whoever made or read them. */
  readonly subjectKeys: Buffer
}

/** A key file whose digest is right; not yet authenticated. */
export interface ReadKeyFile {
  readonly vaultId: string
  readonly writtenAt: string
  readonly vaultHeader: Header
  readonly backupKey: WrappedRootKey
  readonly aad: Buffer
  readonly nonce: Buffer
  readonly tag: Buffer
  readonly sealed: Buffer
}

export const keyFileName = (vaultId: string) => `${vaultId}.vultus-keys`

const damaged = (what = 'key file') => new VultusError('backup.damaged', what)
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest()
const encryptionKeyOf = (root: KeyObject | Uint8Array, vaultId: string) => hkdf(root, vaultId, 'vultus/1/backup key wrapping')
const checkLabel = (vaultId: string) => `vultus/1/backup key check/${vaultId}`
const placeOf = (vaultId: string, writtenAt: string) => ['keyFile', 'backupKey', vaultId, writtenAt] as const

function packed({ generations, subjectKeys }: KeyFileContents): Buffer {
  const text = Buffer.from(canonicalJson({ generations } as unknown as Json))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(text.length)
  const plain = Buffer.concat([length, text, subjectKeys])
  text.fill(0)
  return plain
}

export interface KeyFileWriter {
  readonly vaultHeader: Header
  readonly root: KeyObject
  readonly random: RandomSource
  readonly nowMs: number
}

/** The bytes of a key file. */
export function encodeKeyFile(contents: KeyFileContents, { vaultHeader, root, random, nowMs }: KeyFileWriter): Buffer {
  const { vaultId } = vaultHeader
  const writtenAt = new Date(nowMs).toISOString()
  const backupKey = random(keyBytes)
  const plain = packed(contents)
  try {
    const wrapped = wrapRootKey(encryptionKeyOf(root, vaultId), checkLabel(vaultId), placeOf(vaultId, writtenAt), backupKey, random)
    const header = Buffer.from(canonicalJson({ format: 1, vaultId, writtenAt, vaultHeader: encodeHeader(vaultHeader), backupKey: wrapped }))
    const { nonce, tag, sealed } = new Sealer(random).sealFor(createSecretKey(backupKey), header, plain)
    const length = Buffer.alloc(lengthBytes)
    length.writeUInt32BE(header.length)
    const before = Buffer.concat([magic, length, header, nonce, tag, sealed])
    return Buffer.concat([before, sha256(before)])
  } finally {
    backupKey.fill(0)
    plain.fill(0)
  }
}

/** @throws backup.damaged; vault.tooNew for the format of a later version */
export function parseKeyFile(bytes: Buffer): ReadKeyFile {
  const headerAt = magic.length + lengthBytes
  if (bytes.length < headerAt + nonceBytes + tagBytes + digestBytes) throw damaged()
  const before = bytes.subarray(0, -digestBytes)
  if (!sameBytes(sha256(before), bytes.subarray(-digestBytes))) throw damaged()
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    throw bytes.subarray(0, 12).equals(magic.subarray(0, 12)) ? new VultusError('vault.tooNew', 'key file') : damaged()
  }
  const nonceAt = headerAt + bytes.readUInt32BE(magic.length)
  const sealedAt = nonceAt + nonceBytes + tagBytes
  if (sealedAt > before.length) throw damaged()
  const aad = before.subarray(headerAt, nonceAt)
  const parsed = KeyFileHeader.safeParse(jsonOf(aad.toString()))
  if (!parsed.success) throw damaged()
  const { vaultId, writtenAt, backupKey } = parsed.data
  const vaultHeader = headerOf(parsed.data.vaultHeader)
  if (vaultHeader.vaultId !== vaultId) throw damaged()
  const nonce = before.subarray(nonceAt, nonceAt + nonceBytes)
  return {
    vaultId,
    writtenAt,
    vaultHeader,
    backupKey,
    aad,
    nonce,
    tag: before.subarray(sealedAt - tagBytes, sealedAt),
    sealed: before.subarray(sealedAt),
  }
}

/** The header of the vault. @throws backup.damaged; vault.tooNew for one of a later version */
function headerOf(text: string): Header {
  try {
    return parseHeader(text)
  } catch (error) {
    throw error instanceof VultusError && error.code === 'vault.tooNew' ? error : damaged()
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw damaged()
  }
}

/** Opens a key file with the root key of its vault. @throws vault.wrongKey, backup.damaged */
export function openKeyFile(file: ReadKeyFile, root: KeyObject): KeyFileContents {
  const { vaultId, writtenAt, backupKey: record, aad, nonce, tag, sealed } = file
  const backupKey = unwrapOrDamaged(encryptionKeyOf(root, vaultId), vaultId, writtenAt, record)
  const key = createSecretKey(backupKey)
  backupKey.fill(0)
  const plain = unsealFor(key, aad, { algorithm: 'A256GCM', nonce, tag, sealed })
  if (plain === undefined || plain.length < lengthBytes) throw damaged()
  try {
    const keysAt = lengthBytes + plain.readUInt32BE(0)
    const parsed = Contents.safeParse(jsonOf(plain.toString('utf8', lengthBytes, keysAt)))
    if (!parsed.success || (plain.length - keysAt) % subjectKeyRecordBytes !== 0) throw damaged()
    return { generations: parsed.data.generations, subjectKeys: Buffer.from(plain.subarray(keysAt)) }
  } finally {
    plain.fill(0)
  }
}

function unwrapOrDamaged(encryptionKey: Buffer, vaultId: string, writtenAt: string, record: WrappedRootKey): Buffer {
  let backupKey: Buffer | undefined
  try {
    backupKey = unwrapRootKey(encryptionKey, checkLabel(vaultId), placeOf(vaultId, writtenAt), record)
  } catch {
    throw damaged()
  }
  if (backupKey === undefined) throw new VultusError('vault.wrongKey')
  return backupKey
}
