/** Sealed segments of the gallery: what they bring is what the rows hold, whatever happened to them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openGalleryBlock } from '../../src/core/gallery/block.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  codeOf,
  enrolEntry,
  eraseEntry,
  galleryModelOf,
  handedOver,
  model,
  newVault,
  rawDatabase,
  referenceOf,
  reopened,
  rowsHeld,
  temporaryFolder,
} from './fixtures.ts'

const perSegment = 300
const dimension = 16

const of = galleryModelOf(model, dimension)

/** Of unit length. */
function templateOf(row: number): Float32Array {
  const values = Float64Array.from({ length: dimension }, (_, at) => Math.sin(row * 31 + at))
  const length = Math.hypot(...values)
  return Float32Array.from(values, (value) => value / length)
}

/** Subjects from first on, one reference each: subject S-n has reference n. */
function fill(vault: Vault, first: number, count: number): void {
  const entries = Array.from({ length: count }, (_, at) => ({
    id: `S-${first + at}`,
    references: [referenceOf('', { template: templateOf(first + at), quality: null, sample: null })],
  }))
  for (let at = 0; at < count; at += 5000) vault.enrolments.commitBatch({ entries: entries.slice(at, at + 5000), audit: enrolEntry })
}

/** What is handed over is what the rows hold: these numbers, each with the template it was given. @returns how many came in blocks */
async function expectRows(vault: Vault, numbers: Iterable<number>, changed: ReadonlyMap<number, number> = new Map()): Promise<number> {
  const { rows, inBlocks } = await handedOver(vault, of)
  expect([...rows.keys()].sort((left, right) => left - right)).toEqual([...numbers].sort((left, right) => left - right))
  expect(rows).toEqual(new Map([...rowsHeld(vault, of)].filter(([no]) => rows.has(no))))
  for (const { referenceNos, templates } of vault.galleries.load(model, 1000).batches) {
    for (const [at, no] of referenceNos.entries())
      expect(templates.slice(at * dimension, (at + 1) * dimension)).toEqual(templateOf(changed.get(no) ?? no))
  }
  return inBlocks
}

const numbersTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)
const segmentsIn = (folder: string) => (existsSync(join(folder, 'gallery')) ? readdirSync(join(folder, 'gallery')).sort() : [])
const rowCount = perSegment * 2 + 100

it('seals full ranges only, in private files, and brings the same rows over a reopening', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder, 'demo', perSegment)
  fill(vault, 1, rowCount)
  expect(segmentsIn(folder)).toEqual([])
  expect(await vault.galleries.seal(of)).toBe(2)
  expect(await vault.galleries.seal(of)).toBe(0)
  expect(segmentsIn(folder)).toEqual(['1.segment', '2.segment'])
  expect(statSync(join(folder, 'gallery')).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, 'gallery/1.segment')).mode & 0o777).toBe(0o600)
  await expectRows(vault, numbersTo(rowCount))
  vault.close()
  const again = await reopened(folder, perSegment)
  await expectRows(again, numbersTo(rowCount))
  expect(again.galleries.handOver(of, 10)).toMatchObject({ rows: rowCount, sequence: 1 })
  expect(again.galleries.problems()).toEqual([])
  // No part of a row in clear stands in a segment.
  for await (const part of again.galleries.handOver(of, 100).parts) {
    if (!('block' in part)) continue
    const clear = Buffer.from(openGalleryBlock(part.block)!.top.subarray(0, 32))
    for (const name of segmentsIn(folder)) expect(readFileSync(join(folder, 'gallery', name)).includes(clear)).toBe(false)
  }
})

it('leaves out what was superseded, and seals anew', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder, 'demo', perSegment)
  fill(vault, 1, rowCount)
  await vault.galleries.seal(of)
  vault.enrolments.commit({
    id: 'S-5',
    references: [referenceOf('', { template: templateOf(1_000_000), quality: null })],
    audit: enrolEntry,
  })
  const expected = [...numbersTo(rowCount).filter((no) => no !== 5), rowCount + 1]
  const changed = new Map([[rowCount + 1, 1_000_000]])
  await expectRows(vault, expected, changed)
  expect(await vault.galleries.seal(of)).toBe(1)
  expect(segmentsIn(folder)).toEqual(['2.segment', '3.segment'])
  await expectRows(vault, expected, changed)
})

it('erasing takes the segment with it before it is acknowledged', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder, 'demo', perSegment)
  fill(vault, 1, rowCount)
  await vault.galleries.seal(of)
  vault.erasures.erase({ id: 'S-301', audit: eraseEntry })
  expect(segmentsIn(folder)).toEqual(['1.segment'])
  const left = numbersTo(rowCount).filter((no) => no !== 301)
  await expectRows(vault, left)
  expect(await vault.galleries.seal(of)).toBe(1)
  await expectRows(vault, left)
  // A superseded reference may stand in a segment that was sealed before.
  vault.enrolments.commit({ id: 'S-9', references: [referenceOf('', { template: templateOf(9), quality: null })], audit: enrolEntry })
  vault.erasures.erase({ id: 'S-9', audit: eraseEntry })
  expect(segmentsIn(folder)).toEqual(['3.segment'])
  await expectRows(
    vault,
    left.filter((no) => no !== 9),
  )
})

it('an erasure while a segment is made keeps it from being used', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder, 'demo', perSegment)
  fill(vault, 1, rowCount)
  const sealing = vault.galleries.seal(of)
  await new Promise((resolve) => setImmediate(resolve))
  vault.erasures.erase({ id: 'S-250', audit: eraseEntry })
  expect(await sealing).toBe(1)
  expect(segmentsIn(folder)).toHaveLength(1)
  await expectRows(
    vault,
    numbersTo(rowCount).filter((no) => no !== 250),
  )
})

function inPlaceOf(path: string, make: (path: string) => unknown): void {
  rmSync(path)
  make(path)
}

it('a segment that is missing, cut off, changed, swapped or played back is found, told and made again', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder, 'demo', perSegment)
  fill(vault, 1, rowCount)
  await vault.galleries.seal(of)
  const path = (name: string) => join(folder, 'gallery', name)
  const first = readFileSync(path('1.segment'))
  const damage: [string, string, () => void][] = [
    ['missing or of another size', 'cut off', () => truncateSync(path('1.segment'), first.length - 1)],
    ['not what was sealed', 'changed', () => flip(path('3.segment'), 5000)],
    ['not what was sealed', 'played back', () => writeFileSync(path('4.segment'), first)],
    ['not what was sealed', 'swapped', () => writeFileSync(path('5.segment'), readFileSync(path('2.segment')))],
    ['missing or of another size', 'a folder in its place', () => inPlaceOf(path('6.segment'), mkdirSync)],
    ['missing or of another size', 'a device in its place', () => inPlaceOf(path('7.segment'), (at) => symlinkSync('/dev/zero', at))],
  ]
  for (const [reason, , harm] of damage) {
    harm()
    await expectRows(vault, numbersTo(rowCount))
    expect(vault.galleries.problems().at(-1)).toEqual({ model, index: 0, reason })
    expect(await vault.galleries.seal(of)).toBe(1)
    await expectRows(vault, numbersTo(rowCount))
  }
  expect(vault.galleries.problems()).toHaveLength(damage.length)
})

it('a manifest that names another generation or count is found, and leftovers are swept', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder, 'demo', perSegment)
  fill(vault, 1, rowCount)
  await vault.galleries.seal(of)
  vault.close()
  const raw = await rawDatabase(folder)
  raw.exec('UPDATE gallery_segments SET row_count = row_count - 1 WHERE segment_index = 0')
  raw.exec('UPDATE gallery_segments SET format = 99 WHERE segment_index = 1')
  raw.close()
  for (const name of ['other', '79.segment', '80.segment.part']) mkdirSync(join(folder, 'gallery', name))
  for (const name of ['77.segment', '78.segment.part', 'notes.txt']) writeFileSync(join(folder, 'gallery', name), 'x')
  const again = await reopened(folder, perSegment)
  expect(segmentsIn(folder)).toEqual(['1.segment', '2.segment', 'notes.txt', 'other'])
  await expectRows(again, numbersTo(rowCount))
  expect(
    again.galleries
      .problems()
      .map(({ reason }) => reason)
      .sort(),
  ).toEqual(['another format', 'not what was sealed'])
})

it('closing in the middle of sealing leaves a vault that opens and has all rows', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder, 'demo', perSegment)
  fill(vault, 1, rowCount)
  const sealing = vault.galleries.seal(of)
  await new Promise((resolve) => setImmediate(resolve))
  vault.close()
  expect(await sealing).toBe(0)
  const again = await reopened(folder, perSegment)
  await expectRows(again, numbersTo(rowCount))
})

it('what was made around another mean template is of another format: told, handed over as rows, and made again', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder, 'demo', perSegment)
  fill(vault, 1, rowCount)
  // Of a model that nobody has told of nothing is known that segments could be made by.
  expect(await vault.galleries.seal()).toBe(0)
  expect(await vault.galleries.seal(of)).toBe(2)
  const moved = { id: model, meanTemplate: new Float32Array(dimension).fill(0.1) }
  expect((await handedOver(vault, moved)).inBlocks).toBe(0)
  expect(vault.galleries.problems().map(({ reason }) => reason)).toEqual(['another format', 'another format'])
  expect(await vault.galleries.seal()).toBe(2)
  const { rows, inBlocks } = await handedOver(vault, moved)
  expect(inBlocks).toBe(perSegment * 2)
  expect(rows).toEqual(rowsHeld(vault, moved))
})

it('a block that the matcher refuses comes as rows instead, is told once, and is made again', async () => {
  const vault = await newVault(temporaryFolder(), 'demo', 1100)
  fill(vault, 1, 1200)
  await vault.galleries.seal(of)
  vault.enrolments.commit({
    id: 'S-1',
    references: [referenceOf('', { template: templateOf(1_000_000), quality: null })],
    audit: enrolEntry,
  })
  const seen: number[] = []
  let blocks = 0
  for await (const part of vault.galleries.handOver(of, 50).parts) {
    if ('block' in part) {
      blocks += 1
      const batches = [...part.instead()]
      expect(batches.reduce((sum, { referenceNos }) => sum + referenceNos.length, 0)).toBe(part.rows)
      seen.push(...batches.flatMap(({ referenceNos }) => [...referenceNos]))
    } else seen.push(...part.referenceNos)
  }
  expect(blocks).toBe(2)
  expect(seen.sort((left, right) => left - right)).toEqual(numbersTo(1201).slice(1))
  expect(vault.galleries.problems()).toEqual([{ model, index: 0, reason: 'refused by the matcher' }])
  expect(await vault.galleries.seal()).toBe(1)
  expect(await expectRows(vault, numbersTo(1201).slice(1), new Map([[1201, 1_000_000]]))).toBe(1099)
})

it('changes that are committed while it is handed over do not mix with it', async () => {
  const vault = await newVault(temporaryFolder(), 'demo', 20)
  fill(vault, 1, 205)
  await vault.galleries.seal(of)
  const { sequence, parts } = vault.galleries.handOver(of, 7)
  const seen: number[] = []
  let step = 0
  for await (const part of parts) {
    if ('block' in part) {
      const { referenceNos } = openGalleryBlock(part.block)!
      seen.push(...referenceNos.filter((no) => !part.without.includes(no)))
    } else seen.push(...part.referenceNos)
    step += 1
    if (step === 2) vault.erasures.erase({ id: 'S-100', audit: eraseEntry })
    if (step === 3) {
      vault.enrolments.commit({ id: 'S-150', references: [referenceOf('', { template: templateOf(9), quality: null })], audit: enrolEntry })
      await vault.galleries.seal()
    }
  }
  expect(sequence).toBe(1)
  expect(vault.galleries.problems()).toEqual([])
  expect(seen.sort((left, right) => left - right)).toEqual(numbersTo(205).filter((no) => no !== 100 && no !== 150))
})

it('a vault that is closed while it hands over says so', async () => {
  const vault = await newVault(temporaryFolder(), 'demo', 20)
  fill(vault, 1, 205)
  await vault.galleries.seal(of)
  const { parts } = vault.galleries.handOver(of, 7)
  const take = async () => {
    for await (const _ of parts) vault.close()
  }
  expect(await codeOf(take)).toBe('vault.locked')
})

it('a template that fits no block leaves its range to the rows', async () => {
  const vault = await newVault(temporaryFolder(), 'demo', 10)
  fill(vault, 1, 25)
  vault.storedTemplates.commit({ id: 'T-1', model, template: new Float32Array(dimension).fill(1), metadata: {}, audit: enrolEntry })
  fill(vault, 27, 10)
  expect(await vault.galleries.seal(of)).toBe(2)
})

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] as number) ^ 1
  writeFileSync(path, bytes)
}
