/** What the first picture would wait for: networks that are loaded, and run for the first time, and code that runs for the first time. */
import { drawPortrait } from './drawing.ts'
import { captureIn } from './looking.ts'
import { networksOf, type Pack } from './packs.ts'
import { StageClock } from './stages.ts'

/**
 * Loads every network of a pack and runs it once on grey: the first run of a network takes much longer than the others.
 * @throws VultusError model.*, inference.failed
 */
export async function warmUp(pack: Pack): Promise<void> {
  const { detector, landmarks, embedding, pad } = pack.manifest.roles
  const inputs = [detector, landmarks, embedding, ...(pad?.networks ?? [])].map(({ input }) => input)
  for (const [index, network] of networksOf(pack).entries()) {
    const { width, height } = inputs[index]!
    const batch = (await network.batch()) ?? 1
    await network.run(new Float32Array(batch * 3 * width * height), [batch, 3, height, width])
  }
}

/**
 * Looks at a drawn face and lets go of what it found.
 * @throws what looking at a picture throws
 */
export async function lookOnce(pack: Pack, nowMs: () => number): Promise<void> {
  const { sample } = await captureIn(pack, await drawPortrait(0, 0), 'simulated', new StageClock(nowMs))
  sample.template.fill(0)
}
