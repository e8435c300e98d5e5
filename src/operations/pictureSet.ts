/** Pictures that an evaluation looks at, one after the other: thousands of them, of which one is in memory. */
import { VultusError } from '../contract/errors.ts'
import type { EmbeddingModel, EvaluatedFace } from '../contract/processes.ts'
import { comparisonScore } from '../core/comparison.ts'
import type { ListedPicture, PairList } from '../core/evaluation/pairs.ts'
import { assess } from '../core/quality/assess.ts'
import { presetOf } from '../core/quality/presets.ts'

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

/** A face process with one pack. */
export interface EvaluationFace {
  readonly model: EmbeddingModel
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

/** Looks at every picture. What a picture is refused for is told; anything else ends the evaluation. */
export async function lookAtAll(face: EvaluationFace, set: PictureSet, light: boolean, watch: EvaluationWatch): Promise<Looked> {
  const pictures: LookedAt[] = []
  const refused: { file: string; reason: string }[] = []
  for (const picture of set.pictures) {
    watch.tell('pictures', pictures.length, set.pictures.length)
    await watch.turn()
    try {
      const { template, quality, inLight } = await face.evaluate({ picture: await set.read(picture.file), light })
      const belowQualityLimit = assess(presetOf(qualityPreset), quality.components).verdict === 'refuse'
      const lightScores = inLight.map((one) => (one === null ? null : comparisonScore(template, one)))
      for (const one of inLight) one?.fill(0)
      pictures.push({ picture, template, belowQualityLimit, lightScores })
    } catch (error) {
      if (!(error instanceof VultusError) || !/^(face|picture)\./.test(error.code)) throw error
      pictures.push({ picture, template: undefined, belowQualityLimit: false, lightScores: [] })
      refused.push({ file: picture.file, reason: error.code })
    }
  }
  watch.tell('pictures', pictures.length, pictures.length)
  return { pictures, refused }
}

/** Overwrites every template. */
export function forget({ pictures }: Looked): void {
  for (const { template } of pictures) template?.fill(0)
}
