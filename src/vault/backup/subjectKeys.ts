/**
 * Subject keys as the key file of the backups carries them: one record for each key, with the random audit id of its
 * subject and the first and last generation whose data is sealed under it.
 */
import { hash } from 'node:crypto'
import { keyBytes } from '../keys/provider.ts'

const idBytes = 16
const identifiedBytes = idBytes + keyBytes
/** Audit id, key, first and last generation (two unsigned integers of 32 bits, big endian). */
export const subjectKeyRecordBytes = identifiedBytes + 8

export interface SubjectKey {
  /** A UUID. */
  readonly auditId: string
  /** 32 bytes. */
  readonly key: Buffer
}

const idOf = (auditId: string) => Buffer.from(auditId.replaceAll('-', ''), 'hex')

const lastOf = (records: Buffer, at: number) => records.readUInt32BE(at + identifiedBytes + 4)
const firstOf = (records: Buffer, at: number) => records.readUInt32BE(at + identifiedBytes)

/** The keys of one generation by audit id; views of the records. */
export function keysOfGeneration(records: Buffer, number: number): Map<string, Buffer> {
  const keys = new Map<string, Buffer>()
  for (let at = 0; at < records.length; at += subjectKeyRecordBytes) {
    if (number < firstOf(records, at) || number > lastOf(records, at)) continue
    const hex = records.toString('hex', at, at + idBytes)
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    keys.set(id, records.subarray(at + idBytes, at + identifiedBytes))
  }
  return keys
}

/** What a key is known by in memory: a text with the key itself could not be zeroed. */
const nameOf = (identified: Buffer): string => hash('sha256', identified, 'binary')

/** Adds the keys of a new generation: a key that is there already serves it, too. @returns records of their own */
export function withGeneration(records: Buffer, number: number, keys: readonly SubjectKey[]): Buffer {
  const known = new Map<string, number>()
  for (let at = 0; at < records.length; at += subjectKeyRecordBytes) known.set(nameOf(records.subarray(at, at + identifiedBytes)), at)
  const merged = Buffer.alloc(records.length + keys.length * subjectKeyRecordBytes)
  records.copy(merged)
  let end = records.length
  for (const { auditId, key } of keys) {
    const identified = Buffer.concat([idOf(auditId), key])
    const at = known.get(nameOf(identified))
    identified.fill(0)
    if (at !== undefined) {
      merged.writeUInt32BE(number, at + identifiedBytes + 4)
      continue
    }
    idOf(auditId).copy(merged, end)
    key.copy(merged, end + idBytes)
    merged.writeUInt32BE(number, end + identifiedBytes)
    merged.writeUInt32BE(number, end + identifiedBytes + 4)
    end += subjectKeyRecordBytes
  }
  return merged.subarray(0, end)
}

/** Leaves out the keys of erased subjects and those that no generation from `oldest` on needs. @returns records of their own */
export function withoutErased(records: Buffer, erased: ReadonlySet<string>, oldest: number): Buffer {
  const gone = new Set([...erased].map((auditId) => idOf(auditId).toString('latin1')))
  const kept = Buffer.alloc(records.length)
  let end = 0
  for (let at = 0; at < records.length; at += subjectKeyRecordBytes) {
    if (lastOf(records, at) < oldest || gone.has(records.toString('latin1', at, at + idBytes))) continue
    records.copy(kept, end, at, at + subjectKeyRecordBytes)
    end += subjectKeyRecordBytes
  }
  return kept.subarray(0, end)
}
