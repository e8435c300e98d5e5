/**
 * What a drawn face is made of. Lengths are in units of the drawing: half a face is about 84 units wide, the eyes lie 18 units
 * above the centre, the mouth 66 below. Colours are 0xRRGGBB.
 */

export const hairStyles = ['none', 'short', 'receding', 'parted', 'bob', 'long', 'curly', 'bun'] as const
export const beardStyles = ['none', 'stubble', 'moustache', 'goatee', 'full'] as const
export const glassesStyles = ['none', 'round', 'square'] as const

/** Everything that makes a drawn subject itself, whatever the view. */
export interface PortraitParameters {
  readonly skin: number
  readonly hair: number
  readonly iris: number
  readonly lips: number
  readonly clothes: number
  readonly hairStyle: (typeof hairStyles)[number]
  readonly beard: (typeof beardStyles)[number]
  readonly glasses: (typeof glassesStyles)[number]
  /** Half the width of the face at the temples. */
  readonly faceWidth: number
  /** From the centre to the top of the skull. */
  readonly faceHeight: number
  /** Width of the jaw over that of the temples. */
  readonly jaw: number
  /** Half the distance of the eyes' centres. */
  readonly eyeGap: number
  /** Half the width of an eye. */
  readonly eyeWidth: number
  readonly eyeHeight: number
  /** How much higher the outer corner of an eye lies than the inner. */
  readonly eyeTilt: number
  /** Height of the brows; negative is up. */
  readonly browHeight: number
  readonly browThickness: number
  /** How much higher the outer end of a brow lies than the inner. */
  readonly browTilt: number
  /** Width of the nose; 1 is usual. */
  readonly noseWidth: number
  /** Where the nose ends, below the centre. */
  readonly noseLength: number
  /** Half the width of the mouth. */
  readonly mouthWidth: number
  /** Thickness of the lips; 1 is usual. */
  readonly lipFullness: number
  /** From 0, none, to 1. */
  readonly wrinkles: number
}

/** Smallest and largest value of each number; what lies outside is drawn as the nearest inside. */
const portraitRanges = {
  faceWidth: [68, 100],
  faceHeight: [98, 130],
  jaw: [0.58, 0.94],
  eyeGap: [34, 54],
  eyeWidth: [15, 27],
  eyeHeight: [5.5, 12.5],
  eyeTilt: [-4, 6],
  browHeight: [-58, -36],
  browThickness: [3, 13],
  browTilt: [-6, 8],
  noseWidth: [0.6, 1.7],
  noseLength: [20, 40],
  mouthWidth: [22, 48],
  lipFullness: [0.5, 1.7],
  wrinkles: [0, 1],
} as const satisfies Partial<Record<keyof PortraitParameters, readonly [number, number]>>

/** How a drawn subject is seen. */
export interface PortraitView {
  /** Size of the picture, pixels. */
  readonly width: number
  readonly height: number
  /** Where the centre of the face is, as fractions of width and height. */
  readonly place: readonly [number, number]
  /** Size of the face; at 1 its width is about a quarter of a picture of 4 to 3. */
  readonly scale: number
  /** Turn of the head in degrees; positive is towards the right edge of the picture. */
  readonly yaw: number
  /** Lift of the head in degrees; positive is up. */
  readonly pitch: number
  /** Tilt of the head in degrees; positive is clockwise in the picture. */
  readonly roll: number
  /** 1 is open, 0 is closed. */
  readonly eyeOpenness: number
  /** 0 is neutral, 1 a smile with closed lips, below 0 the corners hang. */
  readonly smile: number
  readonly light: {
    /** 1 is usual. */
    readonly brightness: number
    /** -1 from the left edge, 0 from the front, 1 from the right edge. */
    readonly side: number
  }
  /** Colour behind the subject, 0xRRGGBB. */
  readonly background: number
  /** Noise of a camera: 0 is none, 1 is usual; its seed makes two pictures differ. */
  readonly grain: number
  readonly grainSeed: number
}

/** A number within a range; what is no number becomes the middle. */
export function within(value: number, [low, high]: readonly [number, number]): number {
  if (Number.isNaN(value)) return (low + high) / 2
  return Math.min(high, Math.max(low, value))
}

/** The subject with every number inside its range, so that any parameters give a drawing. */
export function normalised(subject: PortraitParameters): PortraitParameters {
  const numbers = Object.entries(portraitRanges).map(([key, range]) => [key, within(subject[key as keyof typeof portraitRanges], range)])
  return { ...subject, ...Object.fromEntries(numbers) }
}

/** The view with every number inside the range that can be drawn. */
export function normalisedView(view: PortraitView): PortraitView {
  return {
    width: Math.round(within(view.width, [16, 8192])),
    height: Math.round(within(view.height, [16, 8192])),
    place: [within(view.place[0], [-1, 2]), within(view.place[1], [-1, 2])],
    scale: within(view.scale, [0.1, 4]),
    yaw: within(view.yaw, [-50, 50]),
    pitch: within(view.pitch, [-36, 36]),
    roll: within(view.roll, [-45, 45]),
    eyeOpenness: within(view.eyeOpenness, [0, 1.15]),
    smile: within(view.smile, [-1, 1.2]),
    light: { brightness: within(view.light.brightness, [0.3, 1.8]), side: within(view.light.side, [-1, 1]) },
    background: view.background,
    grain: within(view.grain, [0, 3]),
    grainSeed: Math.trunc(within(view.grainSeed, [0, 1e6])),
  }
}
