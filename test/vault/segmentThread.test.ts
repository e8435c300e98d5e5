/** The thread that makes and opens segments: when it ends, its orders are refused and the next ones find another. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openGalleryBlock } from '../../src/core/gallery/block.ts'
import { formatNumberOf, galleryFormatOf } from '../../src/core/gallery/galleryFormat.ts'
import { SegmentThread, ThreadEnded } from '../../src/vault/segmentThread.ts'
import type { OpenOrder, SealOrder } from '../../src/vault/segmentWorker.ts'
import { sha256Hex, temporaryFolder } from './fixtures.ts'

const format = galleryFormatOf({ id: 'm@1', meanTemplate: new Float32Array(2) }, sha256Hex)
const nonce = new Uint8Array(12)
const place = new Uint8Array([1, 2, 3])

function threadOf(file?: string): SegmentThread {
  const thread = new SegmentThread(file)
  onTestFinished(() => thread.close())
  return thread
}

const sealOrder = (): SealOrder => ({
  kind: 'seal',
  format,
  meanTemplate: new Float32Array(2),
  referenceNos: Uint32Array.of(4, 7),
  templates: Float32Array.of(1, 0, 0, 1),
  seal: { key: new Uint8Array(32).fill(9), nonce, place },
})

const openOrder = (path: string, bytes: number, tag: Uint8Array, key = 9): OpenOrder => ({
  kind: 'open',
  path,
  bytes,
  rows: 2,
  format: formatNumberOf(format, sha256Hex),
  tag,
  seal: { key: new Uint8Array(32).fill(key), nonce, place },
})

it('seals and opens, and keeps neither keys nor templates on this side', async () => {
  const thread = threadOf()
  const order = sealOrder()
  const answer = await thread.seal(order)
  expect([order.templates.length, order.seal.key.length]).toEqual([0, 0])
  const path = join(temporaryFolder(), '1.segment')
  writeFileSync(path, answer!.sealed)
  const again = openOrder(path, answer!.sealed.length, answer!.tag)
  const opened = await thread.open(again)
  expect(again.seal.key).toHaveLength(0)
  const blocks = 'blocks' in opened ? opened.blocks : []
  expect(blocks.map(({ rows, firstNo, lastNo }) => [rows, firstNo, lastNo])).toEqual([[2, 4, 7]])
  expect([...openGalleryBlock(blocks[0]!.block)!.referenceNos]).toEqual([4, 7])
  const wrong = { problem: 'not what was sealed' }
  expect(await thread.open(openOrder(path, answer!.sealed.length, answer!.tag, 8))).toEqual(wrong)
  expect(await thread.open({ ...openOrder(path, answer!.sealed.length, answer!.tag), rows: 3 })).toEqual(wrong)
  expect(await thread.open({ ...openOrder(path, answer!.sealed.length, answer!.tag), format: 1 })).toEqual(wrong)
  const missing = { problem: 'missing or of another size' }
  expect(await thread.open(openOrder(path, answer!.sealed.length + 1, answer!.tag))).toEqual(missing)
  expect(await thread.open(openOrder(`${path}s`, answer!.sealed.length, answer!.tag))).toEqual(missing)
})

it('makes nothing of templates that fit no block', async () => {
  expect(await threadOf().seal({ ...sealOrder(), templates: Float32Array.of(1, 0, 0, 2) })).toBeNull()
})

it('refuses the orders of a thread that ends, and starts another', async () => {
  const file = join(temporaryFolder(), 'ends.mjs')
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads'
     parentPort.on('message', ({ number, value }) => {
       if (value.format === 'end') process.exit(1)
       if (value.format === 'throw') throw new Error('thrown on purpose')
       if (value.format !== 'wait') parentPort.postMessage({ number, value: null })
     })`,
  )
  const thread = threadOf(file)
  const ended = async (order: Promise<unknown>) => {
    await expect(order).rejects.toBeInstanceOf(ThreadEnded)
  }
  for (const how of ['end', 'throw']) {
    const waiting = thread.seal({ ...sealOrder(), format: 'wait' })
    await Promise.all([ended(waiting), ended(thread.seal({ ...sealOrder(), format: how }))])
    expect(await thread.seal(sealOrder())).toBeNull()
  }
  const last = thread.seal({ ...sealOrder(), format: 'wait' })
  thread.close()
  await ended(last)
  await ended(thread.seal(sealOrder()))
})
