/** Colours of drawn faces, 0xRRGGBB. */

const channels = (colour: number) => {
  const whole = Number.isFinite(colour) ? Math.trunc(Math.min(0xffffff, Math.max(0, colour))) : 0x808080
  return [whole >> 16, (whole >> 8) & 255, whole & 255] as const
}

/** The colour as SVG writes it; what is no colour is grey. */
export function hex(colour: number): string {
  return `#${channels(colour)
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`
}

/** A share (0 to 1) of the second colour in the first. */
export function mixed(colour: number, other: number, share: number): number {
  const to = channels(other)
  const [red, green, blue] = channels(colour).map((value, i) => Math.round(value + (to[i]! - value) * share))
  return (red! << 16) | (green! << 8) | blue!
}

/** The tones of one skin under light. */
export interface SkinTones {
  readonly light: string
  readonly base: string
  readonly shade: string
  readonly deep: string
  readonly blush: string
}

/** Shadows of skin are redder than the skin, not grey. */
export function skinTones(skin: number): SkinTones {
  return {
    light: hex(mixed(skin, 0xfff2e2, 0.32)),
    base: hex(skin),
    shade: hex(mixed(skin, 0x3a1408, 0.34)),
    deep: hex(mixed(skin, 0x220a04, 0.68)),
    blush: hex(mixed(skin, 0xb83a30, 0.38)),
  }
}
