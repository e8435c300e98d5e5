/**
 * Where things lie. A segment has two areas of blocks; a block is 16 rows, one row to a lane of 4 bytes. `groups` is dimensions / 8.
 *
 * top block, read by both stages:
 *   0    f32 x 16  bias: the dot product of mean and residual, rounded up; far below every score for a free place
 *   64   f32 x 16  length of what 4 bits take from the row
 *   128  f32 x 16  scale a: the row's component is a * (16 * high + low - 127.5), in 4 bits a * (16 * high - 120)
 *   192  for each 8 dimensions 64 bytes: for each row 4 bytes, each with the `high` of dimension j below and of dimension j + 4 above
 * bottom block, read when 8 bits are wanted:
 *   0    f32 x 16  length of what 8 bits take from the row
 *   64   for each 8 dimensions 64 bytes: the `low` numbers in the same places
 *
 * query:
 *   0  f32 8b      4  f32 b / 2   8  f32 b2 / 2  12 f32 length of the query
 *   16 i32 -15 sum of Q           20 i32 -255 sum of Q               24 i32 -255 sum of Q2
 *   28 f32 cut packed             32 f32 cut flat                    36 f32 cut refined
 *   48 u8 15 in each of 16 bytes
 *   64 i8 Q of every dimension, then i8 Q2; the query is b * Q + b2 * Q2 + a remainder. Of each 512 dimensions, in those with places 0
 *      and 1 of every 4 as in those with 2 and 3, the positive numbers of Q sum to at most 2,184, the negative ones to -2,184 or more
 */
// @ts-ignore: decorator
@inline
export const errorPackedAt: usize = 64
// @ts-ignore: decorator
@inline
export const scaleAt: usize = 128
// @ts-ignore: decorator
@inline
export const topHeader: usize = 192
// @ts-ignore: decorator
@inline
export const bottomHeader: usize = 64
// @ts-ignore: decorator
@inline
export const numbersAt: usize = 64
// @ts-ignore: decorator
@inline
export const maskAt: usize = 48
/** Dimensions whose 16-bit sums stay in 16 bits. */
// @ts-ignore: decorator
@inline
export const sectionBytes: usize = 512
/** An entry of a list is a row (20 bits) and the query it was found with. */
// @ts-ignore: decorator
@inline
export const rowMask: u32 = 0xfffff
// @ts-ignore: decorator
@inline
export const queryShift: u32 = 20
