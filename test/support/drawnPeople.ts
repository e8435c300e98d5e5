/** Drawn people on the disk, as many as a test wants, the same for the same seed. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { portraitSvg } from '../../src/core/portrait.ts'
import type { PortraitParameters } from '../../src/core/portraitParameters.ts'
import { viewOf } from '../../src/core/portraitViews.ts'
import { randomOf, randomSubject } from './drawnCrowd.ts'

export function drawnPeople(count: number, seed: number): PortraitParameters[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, () => randomSubject(random))
}

/** Draws a view of a person into a file, whose folder is made. */
export async function drawInto(path: string, person: PortraitParameters | undefined, view: number): Promise<void> {
  if (person === undefined) throw new RangeError('There is no such drawn person')
  mkdirSync(join(path, '..'), { recursive: true })
  const picture = sharp(Buffer.from(portraitSvg(person, viewOf(view)))).flatten()
  writeFileSync(path, await picture.jpeg().toBuffer())
}
