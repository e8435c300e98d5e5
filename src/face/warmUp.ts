/** Loads every network of a pack and runs it once on grey: the first run of a network takes much longer than the others. */
import { networksOf, type Pack } from './packs.ts'

/** @throws VultusError model.*, inference.failed */
export async function warmUp(pack: Pack): Promise<void> {
  const { detector, landmarks, embedding, pad } = pack.manifest.roles
  const inputs = [detector, landmarks, embedding, ...(pad?.networks ?? [])].map(({ input }) => input)
  for (const [index, network] of networksOf(pack).entries()) {
    const { width, height } = inputs[index]!
    const batch = (await network.batch()) ?? 1
    await network.run(new Float32Array(batch * 3 * width * height), [batch, 3, height, width])
  }
}
