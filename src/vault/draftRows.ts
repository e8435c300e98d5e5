/**
 * Rows of unfinished enrolments, sealed and opened.
 *
 * 1. Each row has a random key of its own, wrapped by a key of the vault that wraps nothing else; what is filled in and captured
 *    is sealed under it. Each change has a new key, so that a row of before opens nothing that was written later, and a row that
 *    goes takes its key with it.
 * 2. State, owner and times are authenticated with the sealed value.
 */

import { createSecretKey, type KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { DraftState } from '../contract/draftRecords.ts'
import { VultusError } from '../contract/errors.ts'
import { intakeLimits } from '../contract/intake.ts'
import type { KeptCapture } from '../contract/processes.ts'
import { keyBytes } from './keys/provider.ts'
import { pack, unpack } from './packed.ts'
import type { RandomSource } from './random.ts'
import { type Place, type Sealer, unseal } from './seal.ts'

/** What a row says of itself. */
export interface DraftHead {
  readonly draft_no: number
  readonly draft_id: string
  readonly state: DraftState
  /** Random id of an account; empty while there are none. */
  readonly owner: string
  /** Blind index of the subject's id, as subjects have it: who is erased leaves no unfinished enrolment behind. */
  readonly id_index: Buffer
  readonly created_ms: number
  readonly expires_ms: number
}

export interface DraftRow extends DraftHead {
  readonly key_algorithm: string
  readonly key_nonce: Buffer
  readonly key_tag: Buffer
  readonly key_wrapped: Buffer
  readonly algorithm: string
  readonly nonce: Buffer
  readonly tag: Buffer
  readonly sealed: Buffer
}

/** What is sealed of a row. */
export interface DraftBody<Content> {
  readonly content: Content
  readonly changedMs: number
  readonly captures: readonly KeptCapture[]
  /** Picture of a document, JPEG. */
  readonly proof: Uint8Array | null
}

const keyPlace = ({ draft_no, draft_id }: DraftHead): Place => ['drafts', 'key_wrapped', draft_no, draft_id]
const placeOf = ({ draft_no, draft_id, state, owner, id_index, created_ms, expires_ms }: DraftHead): Place => [
  'drafts',
  'sealed',
  draft_no,
  draft_id,
  state,
  owner,
  id_index.toString('hex'),
  created_ms,
  expires_ms,
]

type SealedColumns = Omit<DraftRow, keyof DraftHead>

export class DraftRows {
  readonly #key: KeyObject
  readonly #sealer: Sealer
  readonly #random: RandomSource
  readonly #nextNo: Database.Statement<[], number>
  readonly #put: Database.Statement<[DraftRow]>
  readonly #byId: Database.Statement<[string], DraftRow>
  readonly #delete: Database.Statement<[number]>

  /** @param key wraps the keys of drafts and nothing else */
  constructor(database: Database.Database, key: KeyObject, sealer: Sealer, random: RandomSource) {
    this.#key = key
    this.#sealer = sealer
    this.#random = random
    this.#nextNo = database.prepare<[], number>(`SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'drafts'`).pluck()
    this.#put = database.prepare(`INSERT INTO drafts (draft_no, draft_id, state, owner, id_index, created_ms, expires_ms,
      key_algorithm, key_nonce, key_tag, key_wrapped, algorithm, nonce, tag, sealed)
      VALUES (@draft_no, @draft_id, @state, @owner, @id_index, @created_ms, @expires_ms,
      @key_algorithm, @key_nonce, @key_tag, @key_wrapped, @algorithm, @nonce, @tag, @sealed)
      ON CONFLICT (draft_no) DO UPDATE SET expires_ms = excluded.expires_ms, id_index = excluded.id_index,
      key_algorithm = excluded.key_algorithm,
      key_nonce = excluded.key_nonce, key_tag = excluded.key_tag, key_wrapped = excluded.key_wrapped, algorithm = excluded.algorithm,
      nonce = excluded.nonce, tag = excluded.tag, sealed = excluded.sealed`)
    this.#byId = database.prepare('SELECT * FROM drafts WHERE draft_id = ?')
    this.#delete = database.prepare('DELETE FROM drafts WHERE draft_no = ?')
  }

  byId(id: string): DraftRow | undefined {
    return this.#byId.get(id)
  }

  nextNo(): number {
    return this.#nextNo.get() as number
  }

  /** Writes a row, or what a row holds, under a new key; the caller is in a transaction. @throws request.tooLarge */
  put<Content>(head: DraftHead, { content, changedMs, captures, proof }: DraftBody<Content>): void {
    const plain = pack({
      json: {
        content,
        changedMs,
        captures: captures.map(({ captureId, summary, sample: { picture: _, template: __, ...sample } }) => ({
          captureId,
          summary,
          sample,
        })),
        proof: proof !== null,
      },
      blobs: [...captures.flatMap(({ sample }) => [sample.picture, bytesOf(sample.template)]), ...(proof === null ? [] : [proof])],
    })
    try {
      if (plain.length > intakeLimits.draftBytesMax) throw new VultusError('request.tooLarge', 'a draft has at most 8 MiB')
      this.#put.run({ ...headOf(head), ...this.#seal(head, plain) })
    } finally {
      plain.fill(0)
    }
  }

  #seal(head: DraftHead, plain: Buffer): SealedColumns {
    const bytes = this.#random(keyBytes)
    const wrapped = this.#sealer.seal(this.#key, keyPlace(head), bytes)
    const key = createSecretKey(bytes)
    bytes.fill(0)
    const { algorithm, nonce, tag, sealed } = this.#sealer.seal(key, placeOf(head), plain)
    return {
      key_algorithm: wrapped.algorithm,
      key_nonce: wrapped.nonce,
      key_tag: wrapped.tag,
      key_wrapped: wrapped.sealed,
      algorithm,
      nonce,
      tag,
      sealed,
    }
  }

  /** @throws vault.damaged */
  open<Content>(row: DraftRow): DraftBody<Content> {
    const bytes = unseal(this.#key, keyPlace(row), {
      algorithm: row.key_algorithm,
      nonce: row.key_nonce,
      tag: row.key_tag,
      sealed: row.key_wrapped,
    })
    if (bytes.length !== keyBytes) throw new VultusError('vault.damaged', `drafts.key_wrapped ${row.draft_no}`)
    const key = createSecretKey(bytes)
    bytes.fill(0)
    const plain = unseal(key, placeOf(row), row)
    const { json, blobs } = unpack(plain)
    plain.fill(0)
    return bodyOf(json as StoredBody<Content>, blobs)
  }

  /** The caller is in a transaction; candidates go by a trigger. */
  remove(draftNo: number): void {
    this.#delete.run(draftNo)
  }
}

/** The head alone, where a whole row is given. */
const headOf = ({ draft_no, draft_id, state, owner, id_index, created_ms, expires_ms }: DraftHead): DraftHead => ({
  draft_no,
  draft_id,
  state,
  owner,
  id_index,
  created_ms,
  expires_ms,
})

interface StoredBody<Content> {
  readonly content: Content
  readonly changedMs: number
  readonly captures: readonly (Omit<KeptCapture, 'sample'> & { readonly sample: Omit<KeptCapture['sample'], 'picture' | 'template'> })[]
  readonly proof: boolean
}

function bodyOf<Content>({ content, changedMs, captures, proof }: StoredBody<Content>, blobs: readonly Uint8Array[]): DraftBody<Content> {
  return {
    content,
    changedMs,
    captures: captures.map((capture, at) => {
      const template = blobs[at * 2 + 1] as Uint8Array
      // A blob is a copy that begins at the start of its buffer, so that numbers can be read in place.
      const numbers = new Float32Array(template.buffer, 0, template.length / Float32Array.BYTES_PER_ELEMENT)
      return { ...capture, sample: { ...capture.sample, picture: blobs[at * 2] as Uint8Array, template: numbers } }
    }),
    proof: proof ? (blobs.at(-1) as Uint8Array) : null,
  }
}

const bytesOf = (template: Float32Array) => new Uint8Array(template.buffer, template.byteOffset, template.byteLength)
