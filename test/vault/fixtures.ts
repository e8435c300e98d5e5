import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished, vi } from 'vitest'
import { type ErrorCode, VultusError } from '../../src/contract/errors.ts'
import type { AuditEntry, NewReference } from '../../src/contract/records.ts'
import { openGalleryBlock } from '../../src/core/gallery/block.ts'
import type { GalleryModel } from '../../src/core/gallery/galleryFormat.ts'
import { RowEncoder } from '../../src/core/gallery/rowEncoder.ts'
import { pageSaltOf, parseHeader } from '../../src/vault/header.ts'
import { deriveKeys } from '../../src/vault/keys/derive.ts'
import { passphraseProvider } from '../../src/vault/keys/passphrase.ts'
import { initVault, openVault } from '../../src/vault/open.ts'
import { forgetDigest } from '../../src/vault/rowDigest.ts'
import type { Vault } from '../../src/vault/vault.ts'

// Each opening derives a key on purpose slowly, and a busy machine makes that several seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

export const passphrase = 'correct horse battery'
export const model = 'drawn@1.0.0'
export const startMs = Date.UTC(2031, 4, 6, 7, 8, 9)

/** A clock that moves a second at each look. */
export function clock(): () => number {
  let nowMs = startMs
  return () => {
    nowMs += 1000
    return nowMs
  }
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-vault-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function newVault(folder: string, kind: 'real' | 'demo' = 'demo', segmentRows?: number): Promise<Vault> {
  const vault = await initVault({ folder, key: 'passphrase', passphrase, kind, nowMs: clock(), segmentRows })
  onTestFinished(() => vault.close())
  return vault
}

export async function reopened(folder: string, segmentRows?: number): Promise<Vault> {
  const vault = await openVault({ folder, passphrase, nowMs: clock(), segmentRows })
  onTestFinished(() => vault.close())
  return vault
}

/** Bytes that look random and are the same for the same seed. */
export function bytesOf(seed: string, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) => createHash('sha256').update(`${seed}/${block}`).digest())
  return Buffer.concat(blocks).subarray(0, length)
}

/** A template of unit length. */
export function templateOf(seed: string, dimension = 128): Float32Array {
  const bytes = bytesOf(seed, dimension * 2)
  const values = Float32Array.from({ length: dimension }, (_, at) => bytes.readInt16LE(at * 2))
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

export function referenceOf(seed: string, changes: Partial<NewReference> = {}): NewReference {
  return {
    model,
    template: templateOf(seed),
    captureSource: 'file',
    pad: 'notAssessed',
    quality: { qualityScore: 0.9, components: { interEyeDistance: { raw: 80, score: 62 } } },
    sample: bytesOf(`${seed} picture`, 5000),
    ...changes,
  }
}

export const enrolEntry: AuditEntry = { event: 'subject.enrol', actor: { role: 'operator', door: 'ipc' }, outcome: 'done' }
export const eraseEntry: AuditEntry = { event: 'subject.erase', actor: { role: 'supervisor', door: 'ipc' }, outcome: 'done' }
export const storeEntry: AuditEntry = { event: 'template.store', actor: { role: 'client', door: 'rest' }, outcome: 'done' }
export const readEntry: AuditEntry = { event: 'subject.list', actor: { role: 'auditor', door: 'command' }, outcome: 'done' }

/** Name, size and hash of every file of a folder. */
export function fingerprint(folder: string): Record<string, string> {
  const files = readdirSync(folder).sort()
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  )
}

export const sha256Hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** What the vault has to know of a model to seal its gallery. */
export const galleryModelOf = (id: string, dimension = 128): GalleryModel => ({ id, meanTemplate: new Float32Array(dimension) })

/** Bits of a row as the matcher keeps it, as text. */
function rowText(encoder: RowEncoder, template: Float32Array): string {
  const { topBlockBytes, bottomBlockBytes } = encoder.shape
  const buffer = new ArrayBuffer(topBlockBytes + bottomBlockBytes)
  encoder.write(template, 0, { ints: new Int32Array(buffer), floats: new Float32Array(buffer) }, 0, topBlockBytes)
  return laneText(new Uint8Array(buffer), 0)
}

/** A lane of a top block and the bottom block after it. */
function laneText(blocks: Uint8Array, lane: number): string {
  const words: string[] = []
  for (let at = lane * 4; at < blocks.length; at += 64) words.push(Buffer.from(blocks.subarray(at, at + 4)).toString('hex'))
  return words.join('')
}

/** Rows of a model's gallery by number, as they come out of the vault for the matcher, with how many of them came in blocks. */
export async function handedOver(vault: Vault, of: GalleryModel, batchRows = 100) {
  const encoder = new RowEncoder(of.meanTemplate)
  const { topBlockBytes, bottomBlockBytes } = encoder.shape
  const rows = new Map<number, string>()
  const add = (referenceNo: number, row: string) => {
    if (rows.has(referenceNo)) throw new Error(`Row ${referenceNo} came twice`)
    rows.set(referenceNo, row)
  }
  let inBlocks = 0
  const given = vault.galleries.handOver(of, batchRows)
  for await (const part of given.parts) {
    if (!('block' in part)) {
      const dimension = encoder.dimension
      for (const [at, no] of part.referenceNos.entries())
        add(no, rowText(encoder, part.templates.slice(at * dimension, (at + 1) * dimension)))
      continue
    }
    const opened = openGalleryBlock(part.block)
    if (opened === undefined) throw new Error('The vault gave a block that is inconsistent')
    const left = new Set(part.without)
    for (const [at, no] of opened.referenceNos.entries()) {
      if (left.delete(no)) continue
      const block = Math.floor(at / 16)
      const both = Buffer.concat([
        opened.top.subarray(block * topBlockBytes, (block + 1) * topBlockBytes),
        opened.bottom.subarray(block * bottomBlockBytes, (block + 1) * bottomBlockBytes),
      ])
      add(no, laneText(both, at % 16))
      inBlocks += 1
    }
    if (left.size > 0) throw new Error('Rows are left out that are not in the block')
  }
  return { rows, inBlocks, sequence: given.sequence, expected: given.rows }
}

/** The same rows, out of the templates that the vault keeps. */
export function rowsHeld(vault: Vault, of: GalleryModel): Map<number, string> {
  const encoder = new RowEncoder(of.meanTemplate)
  const rows = new Map<number, string>()
  for (const { referenceNos, templates } of vault.galleries.load(of.id, 100).batches) {
    for (const [at, no] of referenceNos.entries())
      rows.set(no, rowText(encoder, templates.slice(at * encoder.dimension, (at + 1) * encoder.dimension)))
  }
  return rows
}

/** The code with which a call is refused; anything else that it throws is thrown on. */
export async function codeOf(run: () => unknown): Promise<ErrorCode | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    if (error instanceof VultusError) return error.code
    throw error
  }
}

/** A connection to a database file of a vault with the page key that is in the header of its folder. */
async function withPageKey(folder: string, file = join(folder, 'vault.db')): Promise<Database.Database> {
  const header = parseHeader(readFileSync(join(folder, 'vault.json'), 'utf8'))
  const rootKey = await passphraseProvider(passphrase).open(header.vaultId, header.key)
  const { page } = deriveKeys(rootKey, header.vaultId, pageSaltOf(header))
  const database = new Database(file)
  database.pragma(`cipher = 'chacha20'`)
  database.key(page)
  return database
}

/** The whole database file of a closed vault without its page encryption, free pages too. */
export async function decrypted(folder: string): Promise<Buffer> {
  const copy = join(temporaryFolder(), 'copy.db')
  copyFileSync(join(folder, 'vault.db'), copy)
  const database = await withPageKey(folder, copy)
  database.pragma('journal_mode = DELETE')
  database.rekey(Buffer.alloc(0))
  database.close()
  return readFileSync(copy)
}

/** A connection to the database of a closed vault, with its page key: somebody who tampers. */
export async function rawDatabase(
  folder: string,
  { digest = 'forgotten' }: { digest?: 'forgotten' | 'kept' } = {},
): Promise<Database.Database> {
  const database = await withPageKey(folder)
  database.pragma('locking_mode = EXCLUSIVE')
  onTestFinished(() => {
    database.close()
  })
  // Who has the page key can also take the digest away; what is tried here is what holds without it.
  if (digest === 'forgotten') forgetDigest(database)
  return database
}

/** Where in a folder and those in it a run of bytes stands: names of the files. */
export function filesWith(folder: string, wanted: Buffer): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => readFileSync(join(folder, name)).includes(wanted))
}
