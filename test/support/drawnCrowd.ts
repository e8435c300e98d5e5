/** Drawn subjects by chance, from a seed: the crowd behind measurements that must not rest on real people's pictures. */
import { beardStyles, glassesStyles, type PortraitParameters } from '../../src/core/portraitParameters.ts'

type Style = PortraitParameters['hairStyle']

const lightSkins = [0xf6dccb, 0xf0cdb0, 0xe9bf9c, 0xe0b08e] as const
const mediumSkins = [0xd3a27c, 0xc49169, 0xb07f58] as const
const darkSkins = [0x8f6244, 0x7a523a, 0x60412e, 0x4c3324] as const
const darkHairs = [0x15100d, 0x1f1712, 0x2b1d16, 0x3a2a20] as const
const fairHairs = [0x5f3c22, 0x8a5a2a, 0xb5793a, 0xc9a25a, 0xd9bc7c, 0x8a3a1a, 0xa8542a] as const
const greyHairs = [0x77777a, 0x9a9a98, 0xc4c2be, 0xdedad2] as const
const darkIrises = [0x2e1b0f, 0x3d2715, 0x5a3d22] as const
const lightIrises = [0x7a5a30, 0x3f6a80, 0x7d97a5, 0x4f7a4a, 0x5c6470] as const
const lipstick = [0xa33b3f, 0xc0555f, 0x8a2f3a, 0xb5645c] as const
const clothes = [0x3c4a63, 0x5b2f35, 0x2f4a3f, 0x6a6470, 0x22252b, 0x8c7a5c, 0xb7bcc4, 0x3d6076] as const
const shortStyles: readonly Style[] = ['none', 'short', 'short', 'receding', 'receding', 'parted', 'curly']
const otherStyles: readonly Style[] = ['long', 'long', 'bob', 'bob', 'bun', 'curly', 'parted', 'short']

/** Numbers in 0..1 from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Lips without colour on them: the skin, redder. */
function plainLips(skin: number): number {
  const mix = (shift: number, to: number) => Math.round(((skin >> shift) & 255) * 0.6 + to * 0.4) << shift
  return mix(16, 0xa0) | mix(8, 0x48) | mix(0, 0x48)
}

/** A drawn subject that could be met: skin, hair, eyes and beard go together, sizes are drawn evenly. */
export function randomSubject(random: () => number): PortraitParameters {
  const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!
  const range = (low: number, high: number) => Math.round((low + random() * (high - low)) * 100) / 100
  const bearded = random() < 0.5
  const tone = random()
  const skin = one(tone < 0.4 ? lightSkins : tone < 0.65 ? mediumSkins : darkSkins)
  const old = random() < 0.25
  const fair = tone < 0.4 && random() < 0.65
  return {
    skin,
    hair: one(old ? greyHairs : fair ? fairHairs : darkHairs),
    iris: one(tone < 0.4 && random() < 0.7 ? lightIrises : darkIrises),
    lips: bearded || random() < 0.4 ? plainLips(skin) : one(lipstick),
    clothes: one(clothes),
    hairStyle: one(bearded ? shortStyles : otherStyles),
    beard: bearded && random() < 0.7 ? one(beardStyles) : 'none',
    glasses: random() < 0.65 ? 'none' : one(glassesStyles),
    faceWidth: range(72, 98),
    faceHeight: range(100, 126),
    jaw: bearded ? range(0.68, 0.94) : range(0.6, 0.84),
    eyeGap: range(37, 51),
    eyeWidth: range(17, 25),
    eyeHeight: range(6.5, 11),
    eyeTilt: range(-2.5, 5),
    browHeight: range(-54, -39),
    browThickness: bearded ? range(5, 13) : range(3, 8),
    browTilt: range(-3, 6),
    noseWidth: range(0.7, 1.6),
    noseLength: range(22, 38),
    mouthWidth: range(25, 45),
    lipFullness: range(0.6, 1.6),
    wrinkles: old ? range(0.4, 1) : range(0, 0.3),
  }
}
