/** A drawn face that is made worse step by step, and the component that has to tell it: whether a pack measures what it should. */
import sharp, { type Sharp } from 'sharp'
import type { WorseningName, WorseSteps } from '../contract/evaluation.ts'
import type { ComponentName, MeasuredComponents } from '../contract/quality.ts'
import { worseSteps } from '../core/evaluation/worse.ts'
import type { PortraitView } from '../core/portraitParameters.ts'
import { drawnSubjects } from '../core/portraitSubjects.ts'
import { frontalView } from '../core/portraitViews.ts'
import { drawView } from './drawing.ts'
import { qualityIn } from './looking.ts'
import type { Pack } from './packs.ts'
import { StageClock } from './stages.ts'

export interface Worsening {
  readonly component: ComponentName
  /** Whether the raw value grows (its magnitude, for angles) or falls. */
  readonly grows: boolean
  readonly steps: readonly number[]
  readonly view?: (step: number) => Partial<PortraitView>
  readonly picture?: (picture: Sharp, step: number) => Sharp
  /** Components that measure the same change in another way. */
  readonly alike: readonly ComponentName[]
}

const light: readonly ComponentName[] = ['luminanceMean', 'luminanceVariance', 'dynamicRange', 'underExposure', 'overExposure']
const framing: readonly ComponentName[] = ['headSize', 'leftwardCrop', 'rightwardCrop', 'marginAbove', 'marginBelow']

export const worsenings: Readonly<Record<WorseningName, Worsening>> = {
  blurred: {
    component: 'sharpness',
    grows: false,
    steps: [0.8, 1.6, 2.4, 3.2],
    picture: (picture, step) => picture.blur(step),
    alike: ['backgroundUniformity'],
  },
  dark: {
    component: 'luminanceMean',
    grows: false,
    steps: [0.8, 0.6, 0.45, 0.3],
    picture: (picture, step) => picture.linear(step, 0),
    alike: [...light, 'backgroundUniformity', 'naturalColour'],
  },
  'over-exposed': {
    component: 'overExposure',
    grows: true,
    steps: [1.3, 1.5, 1.7, 1.9],
    picture: (picture, step) => picture.linear(step, 0),
    alike: [...light, 'backgroundUniformity', 'naturalColour', 'illuminationUniformity', 'sharpness'],
  },
  small: {
    component: 'interEyeDistance',
    grows: false,
    steps: [0.9, 0.7, 0.55, 0.4],
    picture: (picture, step) => picture.resize(Math.round(640 * step)),
    alike: ['sharpness', 'backgroundUniformity'],
  },
  'far away': {
    component: 'headSize',
    grows: false,
    steps: [1, 0.85, 0.7, 0.55],
    view: (scale) => ({ scale }),
    alike: [...framing, 'interEyeDistance', 'sharpness', 'backgroundUniformity', ...light],
  },
  turned: {
    component: 'yaw',
    grows: true,
    steps: [8, 16, 24, 32],
    view: (yaw) => ({ yaw }),
    alike: ['illuminationUniformity', 'rightwardCrop', 'leftwardCrop', 'backgroundUniformity'],
  },
  tilted: {
    component: 'roll',
    grows: true,
    steps: [6, 12, 18, 24],
    view: (roll) => ({ roll }),
    alike: ['leftwardCrop', 'rightwardCrop', 'backgroundUniformity'],
  },
  'eyes closing': {
    component: 'eyesOpen',
    grows: false,
    steps: [0.8, 0.6, 0.4, 0.2],
    view: (eyeOpenness) => ({ eyeOpenness }),
    alike: ['sharpness'],
  },
  'light from one side': {
    component: 'illuminationUniformity',
    grows: false,
    steps: [0.2, 0.4, 0.6, 0.8],
    view: (side) => ({ light: { brightness: 1, side } }),
    alike: [...light, 'backgroundUniformity', 'sharpness'],
  },
  'blue light': {
    component: 'naturalColour',
    grows: true,
    steps: [0.75, 0.65, 0.55, 0.5],
    picture: (picture, step) => picture.linear([step, 0.9, 1.15], [0, 0, 0]),
    alike: [...light, 'backgroundUniformity'],
  },
  'restless background': {
    component: 'backgroundUniformity',
    grows: true,
    steps: [1, 1.6, 2.2, 2.8],
    view: (grain) => ({ grain }),
    alike: ['sharpness', ...light],
  },
  'a bar over one cheek': {
    component: 'illuminationUniformity',
    grows: false,
    steps: [6, 12, 18, 24],
    picture: (picture, step) =>
      picture.composite([{ input: { create: { width: step, height: 130, channels: 3, background: '#101010' } }, left: 274, top: 210 }]),
    alike: [...light, 'naturalColour', 'sharpness'],
  },
}

const subject = drawnSubjects[0]!

/** The pictures of a worsening, the untouched one first. */
export async function worsePictures({ view, picture, steps }: Worsening): Promise<Uint8Array[]> {
  const pictures = [await drawView(subject, frontalView)]
  for (const step of steps) {
    const drawn = await drawView(subject, { ...frontalView, ...view?.(step) })
    if (picture === undefined) pictures.push(drawn)
    else pictures.push(new Uint8Array(await picture(sharp(drawn), step).jpeg({ quality: 92 }).toBuffer()))
  }
  return pictures
}

/** What a pack measures of a drawn face that is made worse. @throws VultusError face.*, inference.failed */
export async function worsenedIn(pack: Pack, name: WorseningName, nowMs: () => number): Promise<WorseSteps> {
  const worsening = worsenings[name]
  const measured: MeasuredComponents[] = []
  for (const picture of await worsePictures(worsening)) measured.push((await qualityIn(pack, picture, new StageClock(nowMs))).components)
  return worseSteps({ ...worsening, name }, measured)
}
