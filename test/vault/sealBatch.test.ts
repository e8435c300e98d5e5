/** Values that are sealed in shared memory, by this thread or by one beside it. */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { SealAlgorithm } from '../../src/contract/types.ts'
import { aadTextOf, type Place, type Sealed, unseal } from '../../src/vault/seal.ts'
import { bytesMaxOf, SealBatch, SealMemories, sealMemory } from '../../src/vault/sealBatch.ts'
import { SealThread } from '../../src/vault/sealThread.ts'
import { bytesOf, codeOf, enrolEntry, newVault, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const wrappingKey = createSecretKey(randomBytes(32))
const keyPlace = (no: number): Place => ['subject_keys', 'wrapped', no, 'ü', 1]
const valuePlace = (no: number): Place => ['subjects', 'identity', no]
const textOf = (no: number) => `Zoë Łuczak ${no}`

/** A memory with so many subjects, each with its key and one value. */
function batchOf(subjects: number, { algorithm = 'A256GCM' as SealAlgorithm, memories = new SealMemories() } = {}) {
  const texts = Array.from({ length: subjects }, (_, no) => [aadTextOf(keyPlace(no)), aadTextOf(valuePlace(no)), textOf(no)] as const)
  const bytesMax = texts.reduce((sum, [key, value, text]) => sum + bytesMaxOf([key], 32) + bytesMaxOf([value, text]), 0)
  const batch = new SealBatch(memories.take(bytesMax), { wrappingKey, algorithm }, randomBytes)
  const places = texts.map(([key, value, text]) => ({
    keyAt: batch.addKey(key),
    valueAt: batch.add(value, (bytes, at) => at + bytes.write(text, at)),
  }))
  batch.close()
  return { batch, places }
}

function keyIn(no: number, sealed: Sealed): KeyObject {
  return createSecretKey(unseal(wrappingKey, keyPlace(no), sealed))
}

function expectSealed({ batch, places }: ReturnType<typeof batchOf>): void {
  const nonces = new Set<string>()
  for (const [no, { keyAt, valueAt }] of places.entries()) {
    const [wrapped, value] = [batch.sealedAt(keyAt), batch.sealedAt(valueAt)]
    expect(unseal(keyIn(no, wrapped), valuePlace(no), value).toString()).toBe(textOf(no))
    for (const { nonce } of [wrapped, value]) nonces.add(nonce.toString('hex'))
  }
  expect(nonces.size).toBe(2 * places.length)
}

function threadOf(options?: ConstructorParameters<typeof SealThread>[0]): SealThread {
  const thread = new SealThread(options)
  onTestFinished(() => thread.end())
  return thread
}

/** A program that stands in for the thread's. */
function programOf(text: string): string {
  const file = join(temporaryFolder(), 'program.mjs')
  writeFileSync(file, text)
  return file
}

it.each(SealAlgorithm.options)('open as values that were sealed one by one (%s)', async (algorithm) => {
  const made = batchOf(7, { algorithm })
  expect(made.batch.seal()).toBe(true)
  expectSealed(made)
  expect(await codeOf(() => unseal(wrappingKey, keyPlace(1), made.batch.sealedAt(made.places[0]!.keyAt)))).toBe('vault.damaged')
})

it('are sealed once, and leave no plaintext', () => {
  const made = batchOf(3)
  const memory = Buffer.from(made.batch.order.memory)
  expect(memory.includes(textOf(2))).toBe(true)
  expect([made.batch.isSealed, made.batch.seal(), made.batch.seal(), made.batch.isSealed]).toEqual([false, true, false, true])
  expect(memory.includes(textOf(2))).toBe(false)
  made.batch.drop()
  expectSealed(made)
})

it('are overwritten where a batch is given up', () => {
  const { batch } = batchOf(3)
  batch.drop()
  expect(
    Buffer.from(batch.order.memory)
      .subarray(8)
      .some((byte) => byte !== 0),
  ).toBe(false)
  expect(batch.seal()).toBe(false)
})

it('are sealed by the thread while this one is busy', async () => {
  const thread = threadOf()
  const made = batchOf(50)
  thread.offer(made.batch)
  while (!made.batch.isSealed) await sleep(5)
  thread.finish(made.batch, [])
  expectSealed(made)
})

it('are sealed here where the thread does not come to it', () => {
  const thread = threadOf({ file: programOf('process.exit(1)') })
  const made = [batchOf(5), batchOf(5)]
  for (const { batch } of made) thread.offer(batch)
  for (const one of made) {
    thread.finish(one.batch, [])
    expectSealed(one)
  }
})

it('are sealed ahead while the thread has not finished, and a thread that is lost is told', async () => {
  const claims = `import { parentPort } from 'node:worker_threads'
    parentPort.on('message', ({ memory, use }) => Atomics.compareExchange(new Int32Array(memory, 0, 1), 0, use * 8 + 1, use * 8 + 2))`
  const thread = threadOf({ file: programOf(claims), waitMs: 50 })
  const [lost, next] = [batchOf(2), batchOf(2)]
  const state = new Int32Array(lost.batch.order.memory, 0, 1)
  const open = Atomics.load(state, 0)
  thread.offer(lost.batch)
  while (Atomics.load(state, 0) === open) await sleep(5)
  expect(() => thread.finish(lost.batch, [next.batch])).toThrow('has not sealed')
  expect(Buffer.from(lost.batch.order.memory).includes(textOf(1))).toBe(false)
  expect(next.batch.isSealed).toBe(true)
  expectSealed(next)
})

it('take memory that was used before, and an order of that time finds nothing in it', () => {
  const memories = new SealMemories()
  const first = batchOf(9, { memories })
  const late = first.batch.order
  first.batch.seal()
  memories.giveBack(first.batch)
  const again = batchOf(3, { memories })
  expect(again.batch.order.memory).toBe(late.memory)
  expect(sealMemory(late)).toBe(false)
  expect(again.batch.isSealed).toBe(false)
  expect(first.batch.isSealed).toBe(false)
  expect(Buffer.from(late.memory).includes(textOf(2))).toBe(true)
  expect(sealMemory(again.batch.order)).toBe(true)
  expectSealed(again)
})

it('take new memory while what was used is not sealed, is too small or too large to be kept, or was let go', () => {
  const memories = new SealMemories()
  const memoryOf = (subjects: number) => batchOf(subjects, { memories }).batch
  const open = memoryOf(2)
  memories.giveBack(open)
  expect(memoryOf(2).order.memory).not.toBe(open.order.memory)
  const large = memoryOf(8_000)
  large.seal()
  memories.giveBack(large)
  expect(memoryOf(8_000).order.memory).not.toBe(large.order.memory)
  open.seal()
  memories.giveBack(open)
  const more = memoryOf(1_000)
  expect(more.order.memory).not.toBe(open.order.memory)
  expect(memoryOf(3).order.memory).toBe(open.order.memory)
  more.seal()
  memories.giveBack(more)
  memories.drop()
  expect(memoryOf(2).order.memory).not.toBe(more.order.memory)
})

it('are what a vault reads of its batches, whoever sealed them', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const sample = Uint8Array.from(bytesOf('sample', 900))
  const entriesOf = (from: number) =>
    Array.from({ length: 300 }, (_, at) => ({
      id: `S-${from + at}`,
      name: `Ågot ${from + at}`,
      references: [referenceOf(`s${from + at}`, { sample }), referenceOf(`t${from + at}`)],
    }))
  vault.enrolments.commitBatch({ entries: entriesOf(0), audit: enrolEntry })
  // By now the thread is there; a third of these is there already.
  await sleep(300)
  const { referenceNos } = vault.enrolments.commitBatch({ entries: entriesOf(200), audit: enrolEntry })
  expect(referenceNos).toEqual(Array.from({ length: 600 }, (_, at) => 601 + at))
  vault.close()
  const again = await reopened(folder)
  for (const id of ['S-0', 'S-199', 'S-200', 'S-299', 'S-300', 'S-499']) {
    expect(again.subjects.get(id)).toMatchObject({ name: `Ågot ${id.slice(2)}`, references: 2 })
    expect([...again.references.samplesOf(id).values()].some((kept) => Buffer.from(kept).equals(sample))).toBe(true)
  }
  expect(await again.upkeep.run({ thorough: true })).toMatchObject({ ok: true })
})
