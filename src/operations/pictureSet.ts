/** Pictures that an evaluation looks at: thousands of them, of which as many are in memory as are looked at at once. */
import { VultusError } from '../contract/errors.ts'
import type { EmbeddingModel, EvaluatedFace } from '../contract/processes.ts'
import { comparisonScore } from '../core/comparison.ts'
import type { ListedPicture, PairList } from '../core/evaluation/pairs.ts'
import { assess } from '../core/quality/assess.ts'
import { presetOf } from '../core/quality/presets.ts'
import { inOrder } from './inOrder.ts'

export interface GroupedPicture extends ListedPicture {
  readonly group?: string | undefined
}

export interface PictureSet {
  readonly pictures: readonly GroupedPicture[]
  /** Pairs to compare; all of them where it is left out. */
  readonly pairs?: PairList | undefined
  /** @throws VultusError picture.* */
  read(file: string): Promise<Uint8Array>
  /** Over the names and contents of all that was read, in that order. */
  sha256(): string
}

/** Face processes with one pack. */
export interface EvaluationFace {
  readonly model: EmbeddingModel
  /** Pictures that are looked at at once. */
  readonly atOnce: number
  evaluate(options: { picture: Uint8Array; light: boolean }): Promise<EvaluatedFace>
}

/** How far the work is, and whether it goes on. */
export interface EvaluationWatch {
  /** Lets others have their turn. @throws VultusError evaluation.cancelled */
  turn(): Promise<void>
  tell(stage: 'pictures' | 'pairs', done: number, total: number): void
}

/** What became of a picture. */
export interface LookedAt {
  readonly picture: GroupedPicture
  /** undefined where it was refused. */
  readonly template: Float32Array | undefined
  readonly belowQualityLimit: boolean
  /** Scores of the picture in other light with itself; null where no face was found there. */
  readonly lightScores: readonly (number | null)[]
}

export interface Looked {
  readonly pictures: readonly LookedAt[]
  readonly refused: readonly { readonly file: string; readonly reason: string }[]
}

/** The preset whose limit counts: what a site asks of an enrolment. */
export const qualityPreset = 'enrolment'

/** What a picture alone is to blame for: it is refused, or it ends each process that looks at it. */
const isPicturesFault = (error: unknown) =>
  error instanceof VultusError && (/^(face|picture)\./.test(error.code) || error.code === 'process.restarted')

/** Looks at every picture, in their order. What a picture is refused for is told; anything else ends the evaluation. */
export async function lookAtAll(face: EvaluationFace, set: PictureSet, light: boolean, watch: EvaluationWatch): Promise<Looked> {
  const refused: { file: string; reason: string }[] = []
  let done = 0
  const lookAt = async (picture: GroupedPicture, bytes: () => Promise<Uint8Array>): Promise<LookedAt> => {
    try {
      const { template: received, quality, inLight } = await face.evaluate({ picture: await bytes(), light })
      // What comes over a port may be a part of a much larger message, which it would keep in memory.
      const template = received.slice()
      received.fill(0)
      const belowQualityLimit = assess(presetOf(qualityPreset), quality.components).verdict === 'refuse'
      const lightScores = inLight.map((one) => (one === null ? null : comparisonScore(template, one)))
      for (const one of inLight) one?.fill(0)
      return { picture, template, belowQualityLimit, lightScores }
    } catch (error) {
      if (!isPicturesFault(error)) throw error
      refused.push({ file: picture.file, reason: (error as VultusError).code })
      return { picture, template: undefined, belowQualityLimit: false, lightScores: [] }
    } finally {
      watch.tell('pictures', ++done, set.pictures.length)
    }
  }
  watch.tell('pictures', 0, set.pictures.length)
  const pictures = await inOrder(set.pictures, face.atOnce, async (picture) => {
    await watch.turn()
    // Read one after the other, so that the checksum over all is that of their order.
    const read = await set.read(picture.file).then(
      (bytes) => async () => bytes,
      (error: unknown) => async () => Promise.reject(error),
    )
    return () => lookAt(picture, read)
  })
  const orderOf = new Map(set.pictures.map(({ file }, at) => [file, at]))
  return { pictures, refused: refused.sort((a, b) => orderOf.get(a.file)! - orderOf.get(b.file)!) }
}

/** Overwrites every template. */
export function forget({ pictures }: Looked): void {
  for (const { template } of pictures) template?.fill(0)
}
