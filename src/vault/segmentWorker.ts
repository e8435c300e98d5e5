/**
 * A thread that makes and opens the sealed segments of the gallery, so that the vault's own thread is free. It gets the key of one
 * segment with each order and zeroes it when the order is done; it knows neither the database nor any other key.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { closeSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { cutGalleryBlocks, makeGalleryBlocks, openGalleryBlock } from '../core/gallery/block.ts'
import { formatNumberOf } from '../core/gallery/galleryFormat.ts'
import { RowEncoder } from '../core/gallery/rowEncoder.ts'
import { openPlainFile } from './plainFile.ts'

/** How a segment is sealed: AES-256-GCM. */
export interface SegmentSeal {
  /** Zeroed here. */
  readonly key: Uint8Array
  readonly nonce: Uint8Array
  /** What is authenticated with it. */
  readonly place: Uint8Array
}

export interface SealOrder {
  readonly kind: 'seal'
  readonly format: string
  readonly meanTemplate: Float32Array
  readonly referenceNos: Uint32Array
  /** Row-major. Zeroed here. */
  readonly templates: Float32Array
  readonly seal: SegmentSeal
}

export interface OpenOrder {
  readonly kind: 'open'
  readonly path: string
  readonly bytes: number
  /** What the manifest says of the block: rows, and the number of its format. */
  readonly rows: number
  readonly format: number
  readonly tag: Uint8Array
  readonly seal: SegmentSeal
}

/** null: the templates are not of the format's dimension and unit length. */
export type SealAnswer = { readonly sealed: Uint8Array<ArrayBuffer>; readonly tag: Uint8Array } | null
export type OpenAnswer =
  | { readonly blocks: readonly OpenedBlock[] }
  | { readonly problem: 'missing or of another size' | 'not what was sealed' }
/** A block in memory of its own, with its first and last reference number. */
export interface OpenedBlock {
  readonly block: Uint8Array<ArrayBuffer>
  readonly rows: number
  readonly firstNo: number
  readonly lastNo: number
}
export interface Numbered<Value> {
  readonly number: number
  readonly value: Value
}

const tagBytes = 16
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The encoder of the last format, which is nearly always the next one too. */
let last: { readonly format: string; readonly encoder: RowEncoder } | undefined
/** Kept between orders: a load reads hundreds of files of one size. */
let buffer = Buffer.alloc(0)

function sealed({ format, meanTemplate, referenceNos, templates, seal }: SealOrder): SealAnswer {
  let plain: Uint8Array | undefined
  try {
    if (last?.format !== format) last = { format, encoder: new RowEncoder(meanTemplate) }
    plain = makeGalleryBlocks(last.encoder, format, { referenceNos, templates })
    const cipher = createCipheriv('aes-256-gcm', seal.key, seal.nonce, { authTagLength: tagBytes })
    cipher.setAAD(seal.place)
    const bytes = cipher.update(plain)
    cipher.final()
    return { sealed: ownBytes(bytes), tag: cipher.getAuthTag() }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  } finally {
    plain?.fill(0)
    templates.fill(0)
    seal.key.fill(0)
  }
}

function opened({ path, bytes, rows, format, tag, seal }: OpenOrder): OpenAnswer {
  let plain: Buffer | undefined
  try {
    const found = fileOf(path, bytes)
    if (found === undefined) return { problem: 'missing or of another size' }
    const decipher = createDecipheriv('aes-256-gcm', seal.key, seal.nonce, { authTagLength: tagBytes })
    decipher.setAAD(seal.place)
    decipher.setAuthTag(tag)
    plain = decipher.update(found)
    decipher.final()
    const blocks = blocksOf(plain, rows, format)
    if (blocks !== undefined) return { blocks }
  } catch {
    // What does not open is not what was sealed; its plaintext is not to be used.
  } finally {
    plain?.fill(0)
    seal.key.fill(0)
  }
  return { problem: 'not what was sealed' }
}

/** The blocks of a segment, where they are consistent and what the manifest says of them. */
function blocksOf(plain: Uint8Array, rows: number, format: number): OpenedBlock[] | undefined {
  const opened: OpenedBlock[] = []
  let seen = 0
  let lastNo = 0
  for (const bytes of cutGalleryBlocks(plain) ?? []) {
    const block = openGalleryBlock(bytes)
    if (block === undefined || formatNumberOf(block.format, sha256) !== format) return undefined
    const { referenceNos } = block
    const firstNo = referenceNos[0] as number
    if (firstNo <= lastNo) return undefined
    lastNo = referenceNos[referenceNos.length - 1] as number
    seen += referenceNos.length
    opened.push({ block: Uint8Array.from(bytes), rows: referenceNos.length, firstNo, lastNo })
  }
  return seen === rows ? opened : undefined
}

/** @returns the bytes of a file, until the next is read; undefined where it is not there, or is not of that size */
function fileOf(path: string, bytes: number): Buffer | undefined {
  let opened: ReturnType<typeof openPlainFile>
  try {
    opened = openPlainFile(path)
  } catch {
    return undefined
  }
  if (opened === undefined) return undefined
  const { descriptor } = opened
  try {
    if (opened.bytes !== bytes) return undefined
    if (buffer.length < bytes) buffer = Buffer.allocUnsafeSlow(bytes)
    let at = 0
    while (at < bytes) {
      const count = readSync(descriptor, buffer, at, bytes - at, at)
      if (count === 0) return undefined
      at += count
    }
    return buffer.subarray(0, bytes)
  } catch {
    return undefined
  } finally {
    closeSync(descriptor)
  }
}

/** The same bytes in memory of their own, which can be passed on without a copy. */
function ownBytes(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer: memory, byteOffset, length } = bytes
  const own = memory instanceof ArrayBuffer && byteOffset === 0 && memory.byteLength === length
  return own ? new Uint8Array(memory) : Uint8Array.from(bytes)
}

parentPort?.on('message', ({ number, value: order }: Numbered<SealOrder | OpenOrder>) => {
  const value = order.kind === 'seal' ? sealed(order) : opened(order)
  const passed =
    value !== null && 'sealed' in value ? [value.sealed] : value !== null && 'blocks' in value ? value.blocks.map(({ block }) => block) : []
  const answer: Numbered<SealAnswer | OpenAnswer> = { number, value }
  parentPort?.postMessage(
    answer,
    passed.map(({ buffer: memory }) => memory),
  )
})
