/**
 * The scans with 128-bit SIMD; with the feature relaxed-simd switched on they use the relaxed dot product. layout.ts draws the blocks,
 * batch.ts says why sums stay in 16 bits, and why they are stored side by side.
 */
import { bottomHeader, maskAt, numbersAt, sectionBytes, topHeader } from './layout'
import { above, below, dot, list } from './products'
import { flatUppers, hitsOf, packedUppers } from './uppers'

export { stream } from './stream'
export { refine } from './refine'
export { scanBatch } from './batch'

/** Leaves at `out` the 16-bit sums of 16 rows, 2 to a row. @param rows of one plane @param end of the query's numbers of the section */
// @ts-ignore: decorator
@inline
function section(rows: usize, word: usize, end: usize, mask: v128, out: usize): void {
  let a = i16x8.splat(0), b = a, c = a, d = a
  for (; word < end; word += 8) {
    const y = v128.load32_splat(word), z = v128.load32_splat(word, 4)
    let row = v128.load(rows)
    a = dot(z, above(row, mask), dot(y, below(row, mask), a))
    row = v128.load(rows, 16)
    b = dot(z, above(row, mask), dot(y, below(row, mask), b))
    row = v128.load(rows, 32)
    c = dot(z, above(row, mask), dot(y, below(row, mask), c))
    row = v128.load(rows, 48)
    d = dot(z, above(row, mask), dot(y, below(row, mask), d))
    rows += 64
  }
  v128.store(out, a)
  v128.store(out, b, 16)
  v128.store(out, c, 32)
  v128.store(out, d, 48)
}

/**
 * Compares a query with 4 bits of every number.
 * @param top address of the first block
 * @param out addresses of entries: rows counted from the first block whose upper score reaches the packed cut; room for all rows
 * @param scratch 128 bytes for each section of 512 dimensions, then 64
 * @returns entries written
 */
export function scanPacked(top: usize, blocks: u32, groups: u32, query: usize, out: usize, scratch: usize): u32 {
  const mask = v128.load(query, maskAt)
  const bytes = (<usize>groups) << 3
  const numbers = query + numbersAt
  const sections = ((bytes + sectionBytes - 1) / sectionBytes) << 6
  const uppers = scratch + sections
  const cut = v128.load32_splat(query, 28)
  let found = out
  for (let index: u32 = 0; index < blocks; index++) {
    const rows = top + topHeader
    for (let from: usize = 0, to = scratch; from < bytes; from += sectionBytes, to += 64) {
      section(rows + (from << 3), numbers + from, numbers + min<usize>(from + sectionBytes, bytes), mask, to)
    }
    packedUppers(scratch, sections, 64, top, query, uppers)
    const hits = hitsOf(uppers, cut)
    if (hits) found = list(hits, index << 4, found)
    top = rows + (bytes << 3)
  }
  return <u32>((found - out) >> 2)
}

/** Compares a query with all 8 bits of every number, against the flat cut. Parameters and answer as in scanPacked. */
export function scanFlat(top: usize, bottom: usize, blocks: u32, groups: u32, query: usize, out: usize, scratch: usize): u32 {
  const mask = v128.load(query, maskAt)
  const bytes = (<usize>groups) << 3
  const numbers = query + numbersAt
  const sections = ((bytes + sectionBytes - 1) / sectionBytes) << 7
  const uppers = scratch + sections
  const cut = v128.load32_splat(query, 32)
  let found = out
  for (let index: u32 = 0; index < blocks; index++) {
    const high = top + topHeader
    const low = bottom + bottomHeader
    for (let from: usize = 0, to = scratch; from < bytes; from += sectionBytes, to += 128) {
      const end = numbers + min<usize>(from + sectionBytes, bytes)
      section(high + (from << 3), numbers + from, end, mask, to)
      section(low + (from << 3), numbers + from, end, mask, to + 64)
    }
    flatUppers(scratch, sections, top, bottom, query, uppers)
    const hits = hitsOf(uppers, cut)
    if (hits) found = list(hits, index << 4, found)
    top = high + (bytes << 3)
    bottom = low + (bytes << 3)
  }
  return <u32>((found - out) >> 2)
}
