/** Rounding to the side on which a bound stays true. */

/** The largest float32 that is not above a number. */
export function floor32(value: number): number {
  const near = Math.fround(value)
  return near <= value ? near : Math.fround(near - Math.abs(near) * 2 ** -23 - 2 ** -149)
}

/** The smallest float32 that is not below a number. */
export const ceil32 = (value: number): number => -floor32(-value)

/** A length from its squares, rounded up. They are added up in float64; this covers what that rounds away. */
export const lengthUp = (squares: number): number => ceil32(Math.sqrt(squares) * (1 + 1e-9))
