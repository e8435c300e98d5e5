/** The scans for machines without SIMD: the plain reference that the others must equal bit for bit. Parameters and answers as there. */
import { bottomHeader, errorPackedAt, numbersAt, queryShift, rowMask, scaleAt, topHeader } from './layout'

export { stream } from './stream'

/** Product of a row's 4-bit numbers with a query's numbers. */
function dot(rows: usize, groups: u32, numbers: usize): i32 {
  let sum: i32 = 0
  for (const end = numbers + ((<usize>groups) << 3); numbers < end; numbers += 8) {
    for (let place: usize = 0; place < 4; place++) {
      const byte = <i32>load<u8>(rows + place)
      sum += (byte & 15) * <i32>load<i8>(numbers + place) + (byte >> 4) * <i32>load<i8>(numbers + place, 4)
    }
    rows += 64
  }
  return sum
}

// @ts-ignore: decorator
@inline
function upper(sum: i32, scale: f32, queryScale: f32, bias: f32, error: f32, queryLength: f32): f32 {
  const product: f32 = <f32>sum * (scale * queryScale)
  const added: f32 = bias + error * queryLength
  return product + added
}

/** @param top of the lane */
function packedUpper(top: usize, groups: u32, query: usize): f32 {
  const sum = (dot(top + topHeader, groups, query + numbersAt) << 1) + load<i32>(query, 16)
  return upper(sum, load<f32>(top, scaleAt), load<f32>(query), load<f32>(top), load<f32>(top, errorPackedAt), load<f32>(query, 12))
}

/** Twice the product of a row's 8-bit numbers with a query's numbers. */
function fullDot(top: usize, bottom: usize, groups: u32, numbers: usize): i32 {
  return ((dot(top + topHeader, groups, numbers) << 4) + dot(bottom + bottomHeader, groups, numbers)) << 1
}

export function scanPacked(top: usize, blocks: u32, groups: u32, query: usize, out: usize, scratch: usize): u32 {
  const blockBytes = topHeader + ((<usize>groups) << 6)
  let found = out
  for (let row: u32 = 0; row < blocks << 4; row++) {
    const lane = top + (<usize>(row >> 4)) * blockBytes + ((<usize>(row & 15)) << 2)
    if (packedUpper(lane, groups, query) >= load<f32>(query, 28)) {
      store<u32>(found, row)
      found += 4
    }
  }
  return <u32>((found - out) >> 2)
}

export function scanFlat(top: usize, bottom: usize, blocks: u32, groups: u32, query: usize, out: usize, scratch: usize): u32 {
  const planes = (<usize>groups) << 6
  let found = out
  for (let row: u32 = 0; row < blocks << 4; row++) {
    const lane = (<usize>(row & 15)) << 2
    const laneTop = top + (<usize>(row >> 4)) * (topHeader + planes) + lane
    const laneBottom = bottom + (<usize>(row >> 4)) * (bottomHeader + planes) + lane
    const sum = fullDot(laneTop, laneBottom, groups, query + numbersAt) + load<i32>(query, 20)
    const score = upper(sum, load<f32>(laneTop, scaleAt), load<f32>(query, 4), load<f32>(laneTop), load<f32>(laneBottom), load<f32>(query, 12))
    if (score >= load<f32>(query, 32)) {
      store<u32>(found, row)
      found += 4
    }
  }
  return <u32>((found - out) >> 2)
}

export function scanBatch(
  top: usize, blocks: u32, groups: u32, queries: usize, stride: u32, count: u32, quads: usize, out: usize, scratch: usize,
): u32 {
  const blockBytes = topHeader + ((<usize>groups) << 6)
  let found = out
  for (let block: u32 = 0; block < blocks; block++) {
    for (let number: u32 = 0; number < count; number++) {
      const query = queries + (<usize>number) * (<usize>stride)
      for (let lane: u32 = 0; lane < 16; lane++) {
        if (packedUpper(top + (<usize>block) * blockBytes + ((<usize>lane) << 2), groups, query) >= load<f32>(query, 28)) {
          store<u32>(found, (number << queryShift) + (block << 4) + lane)
          found += 4
        }
      }
    }
  }
  return <u32>((found - out) >> 2)
}

export function refine(
  top: usize, bottom: usize, groups: u32, queries: usize, stride: u32, entries: usize, count: u32, out: usize, scratch: usize,
): u32 {
  const planes = (<usize>groups) << 6
  let found = out
  for (let index: u32 = 0; index < count; index++) {
    const entry = load<u32>(entries + ((<usize>index) << 2))
    const query = queries + (<usize>(entry >> queryShift)) * (<usize>stride)
    const block = <usize>((entry & rowMask) >> 4)
    const lane = (<usize>(entry & 15)) << 2
    const laneTop = top + block * (topHeader + planes) + lane
    const laneBottom = bottom + block * (bottomHeader + planes) + lane
    const numbers = query + numbersAt
    const first = <f32>(fullDot(laneTop, laneBottom, groups, numbers) + load<i32>(query, 20))
    const second = <f32>(fullDot(laneTop, laneBottom, groups, numbers + ((<usize>groups) << 3)) + load<i32>(query, 24))
    const scale = load<f32>(laneTop, scaleAt)
    const one: f32 = first * (scale * load<f32>(query, 4))
    const two: f32 = second * (scale * load<f32>(query, 8))
    const product: f32 = one + two
    const error: f32 = load<f32>(laneBottom) * load<f32>(query, 12)
    const added: f32 = load<f32>(laneTop) + error
    const score: f32 = product + added
    if (score >= load<f32>(query, 36)) {
      store<u32>(found, entry)
      store<f32>(found, score, 4)
      store<f32>(found, error, 8)
      found += 12
    }
  }
  return <u32>((found - out) / 12)
}
