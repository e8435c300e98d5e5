/**
 * The recovery key: 256 random bits that open the vault where its key provider is gone. It is written as 13 groups of four
 * letters and digits (Crockford's base 32, which has no I, L, O, U) and a check group, and stands nowhere but on paper:
 * the header has the root key wrapped by it.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { VultusError } from '../../contract/errors.ts'
import type { RandomSource } from '../random.ts'
import type { Place } from '../seal.ts'
import { hkdf } from './derive.ts'
import { keyBytes, WrappedRootKey } from './provider.ts'
import { unwrapRootKey, wrapRootKey } from './wrapping.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const bitsPerLetter = 5
const lettersPerGroup = 4
const keyGroups = 13
/** Groups of a written recovery key, the check group included. */
export const recoveryGroups = keyGroups + 1

/** What the header keeps of a recovery key. */
export const RecoveryRecord = z.strictObject({ id: z.uuid(), ...WrappedRootKey })
export type RecoveryRecord = z.infer<typeof RecoveryRecord>

function lettersOf(bytes: Uint8Array, letters: number): string {
  let text = ''
  for (let letter = 0; letter < letters; letter++) {
    let value = 0
    for (let bit = letter * bitsPerLetter; bit < (letter + 1) * bitsPerLetter; bit++) {
      value = (value << 1) | (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1)
    }
    text += alphabet[value]
  }
  return text
}

function bytesOf(letters: string): Buffer {
  const bytes = Buffer.alloc(keyBytes)
  for (let bit = 0; bit < keyBytes * 8; bit++) {
    const value = alphabet.indexOf(letters[Math.floor(bit / bitsPerLetter)] ?? '')
    const set = (value >> (bitsPerLetter - 1 - (bit % bitsPerLetter))) & 1
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (set << (7 - (bit & 7)))
  }
  return bytes
}

const checkGroupOf = (key: Uint8Array) =>
  lettersOf(createHash('sha256').update('vultus/1/recovery key check').update(key).digest(), lettersPerGroup)

/** Groups of four, joined by hyphens. @param key 32 bytes */
export function encodeRecoveryKey(key: Uint8Array): string {
  const letters = lettersOf(key, keyGroups * lettersPerGroup) + checkGroupOf(key)
  return (letters.match(/.{4}/g) ?? []).join('-')
}

/** Letters as the alphabet has them: hyphens and spaces dropped, and what is easily misread taken for what was meant. */
export function normalisedLetters(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0')
}

/**
 * The key of what somebody typed.
 * @returns 32 bytes, which the caller zeroes
 * @throws recovery.mistyped for a letter too many, one that no key has, or a check group that does not fit
 */
export function decodeRecoveryKey(text: string): Buffer {
  const letters = normalisedLetters(text.slice(0, 200))
  const wellFormed = letters.length === recoveryGroups * lettersPerGroup && [...letters].every((letter) => alphabet.includes(letter))
  if (!wellFormed) throw new VultusError('recovery.mistyped')
  const key = bytesOf(letters)
  // The text must be the one that the key is written as; so the spare bits of the last letter are checked, too.
  if (normalisedLetters(encodeRecoveryKey(key)) === letters) return key
  key.fill(0)
  throw new VultusError('recovery.mistyped')
}

const checkLabel = (vaultId: string) => `vultus/1/recovery check/${vaultId}`
const placeOf = (vaultId: string, id: string): Place => ['header', 'recovery', vaultId, id]
const encryptionKeyOf = (recoveryKey: Uint8Array, vaultId: string) => hkdf(recoveryKey, vaultId, 'vultus/1/recovery key wrapping')

/** @param id random; names this recovery key */
export function wrapForRecovery(
  recoveryKey: Uint8Array,
  id: string,
  vaultId: string,
  rootKey: Uint8Array,
  random: RandomSource,
): RecoveryRecord {
  return { id, ...wrapRootKey(encryptionKeyOf(recoveryKey, vaultId), checkLabel(vaultId), placeOf(vaultId, id), rootKey, random) }
}

/** The root key in a buffer of its own. @throws recovery.wrong for a key that is not this vault's (or was voided), vault.damaged */
export function openWithRecoveryKey(recoveryKey: Uint8Array, vaultId: string, record: RecoveryRecord): Buffer {
  const rootKey = unwrapRootKey(encryptionKeyOf(recoveryKey, vaultId), checkLabel(vaultId), placeOf(vaultId, record.id), record)
  if (rootKey === undefined) throw new VultusError('recovery.wrong')
  return rootKey
}
