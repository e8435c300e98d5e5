/** Quality over the real models, on drawn faces: what gets worse is told by its component, and nobody is refused for the skin. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WorseningName } from '../../src/contract/evaluation.ts'
import { componentNames, type MeasuredComponents, PresetId } from '../../src/contract/quality.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { frontalView, viewOf } from '../../src/core/portraitViews.ts'
import { assess } from '../../src/core/quality/assess.ts'
import { presetOf } from '../../src/core/quality/presets.ts'
import { qualityIn } from '../../src/face/looking.ts'
import { openPack, type Pack } from '../../src/face/packs.ts'
import { StageClock } from '../../src/face/stages.ts'
import { worsenedIn, worsenings } from '../../src/face/worsening.ts'
import { drawnJpeg } from '../support/drawnFrames.ts'
import { packsFolder, starterPackThere } from '../support/facePack.ts'

/** From the lightest to the darkest. */
const tones = [0xf6dccb, 0xf0cdb0, 0xe9bf9c, 0xe0b08e, 0xd3a27c, 0xc49169, 0xb07f58, 0x8f6244, 0x7a523a, 0x4c3324] as const
/** What does not measure the worsening moves by less than so many spans of its limit. */
const othersSpansMax = 1

describe.skipIf(!starterPackThere)('quality of drawn faces (needs the starter pack)', () => {
  let pack: Pack
  const measure = async (picture: Uint8Array): Promise<MeasuredComponents> =>
    (await qualityIn(pack, picture, new StageClock(performance.now.bind(performance)))).components

  beforeAll(async () => {
    pack = await openPack(packsFolder, 'starter')
  })
  afterAll(async () => {
    await Promise.all([pack.detector, pack.landmarks, pack.embedding].map((network) => network.release()))
  })

  test('every component is measured', async () => {
    const components = await measure(await drawnJpeg(drawnSubjects[0]!, frontalView))
    for (const name of componentNames) expect([name, components[name]?.raw === null]).toEqual([name, false])
    expect(Object.keys(components).sort()).toEqual([...componentNames].sort())
  })

  test.each(WorseningName.options)('%s: the right component tells it step by step, and no other by much', async (name) => {
    const { component, raw, monotonic, unlikeSpansMax } = await worsenedIn(pack, name, () => performance.now())
    expect([component, monotonic, raw.length]).toEqual([worsenings[name].component, true, worsenings[name].steps.length + 1])
    expect(raw.at(-1)).not.toBeCloseTo(raw[0]!, 2)
    expect(unlikeSpansMax).toBeLessThan(othersSpansMax)
  })

  test.each(tones.map((tone) => [tone.toString(16), tone] as const))(
    'nobody with skin %s is refused in the light that others pass',
    async (_, tone) => {
      // Large enough for every preset, in front of a plain wall.
      for (const [subject, view] of [
        [0, frontalView],
        [5, viewOf(3)],
      ] as const) {
        const portrait = {
          ...view,
          width: 800,
          height: 1000,
          scale: 2.05,
          place: [0.5, 0.45] as const,
          yaw: 0,
          roll: 0,
          background: 0xc3c7cb,
          grain: 0.5,
        }
        const components = await measure(await drawnJpeg({ ...drawnSubjects[subject]!, beard: 'none', skin: tone }, portrait))
        for (const id of PresetId.options) {
          const { verdict, components: judged } = assess(presetOf(id), components)
          expect([id, judged.filter((component) => component.verdict === 'refuse').map(({ component }) => component), verdict]).toEqual([
            id,
            [],
            expect.not.stringMatching('refuse'),
          ])
        }
      }
    },
  )
})
