/** OFIQ's own raw values map to OFIQ's own scores: 28 pictures, 21 components (VULTUS_TEST_DATA/ofiq/expected_results.csv). */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ComponentName } from '../../../../src/contract/quality.ts'
import { scoreOf } from '../../../../src/core/quality/scores.ts'

const file = join(process.env.VULTUS_TEST_DATA ?? '', 'ofiq', 'expected_results.csv')
const there = process.env.VULTUS_TEST_DATA !== undefined && existsSync(file)

/** Everything but sharpness, whose score belongs to a substitute. */
const columns: Readonly<Partial<Record<ComponentName, string>>> = {
  backgroundUniformity: 'BackgroundUniformity',
  illuminationUniformity: 'IlluminationUniformity',
  luminanceMean: 'LuminanceMean',
  luminanceVariance: 'LuminanceVariance',
  underExposure: 'UnderExposurePrevention',
  overExposure: 'OverExposurePrevention',
  dynamicRange: 'DynamicRange',
  naturalColour: 'NaturalColour',
  singleFace: 'SingleFacePresent',
  eyesOpen: 'EyesOpen',
  mouthClosed: 'MouthClosed',
  interEyeDistance: 'InterEyeDistance',
  headSize: 'HeadSize',
  leftwardCrop: 'LeftwardCropOfTheFaceImage',
  rightwardCrop: 'RightwardCropOfTheFaceImage',
  marginAbove: 'MarginAboveOfTheFaceImage',
  marginBelow: 'MarginBelowOfTheFaceImage',
  yaw: 'HeadPoseYaw',
  pitch: 'HeadPosePitch',
  roll: 'HeadPoseRoll',
}

describe.skipIf(!there)('scores of OFIQ (needs VULTUS_TEST_DATA/ofiq)', () => {
  const [head = '', ...lines] = there ? readFileSync(file, 'utf8').trim().split(/\r?\n/) : []
  const names = head.split(';')
  const pictures = lines.map((line) => new Map(line.split(';').map((value, index) => [names[index]!, value])))

  test('there are 28 pictures', () => expect(pictures).toHaveLength(28))

  test.each(Object.entries(columns))('%s', (component, column) => {
    for (const picture of pictures) {
      const [raw, score] = [Number(picture.get(column)), Number(picture.get(`${column}.scalar`))]
      expect([raw, scoreOf(component as ComponentName, raw)]).toEqual([raw, score])
    }
  })
})
