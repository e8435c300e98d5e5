/** Error rates of networks that nobody has measured yet: an evaluation measures them, where captures get no verdict. */
import { describe, expect, test } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import { type EvaluationPorts, evaluate } from '../../../src/operations/evaluate.ts'

const scores: Readonly<Record<string, number | null>> = { a: 0.9, b: 0.2, c: 0.8, d: 0.1, e: null }

/** A face process whose pack scores each picture by its name, and gives no verdict. */
function portsOf(padThreshold: number | null): EvaluationPorts {
  const face = {
    model: { id: 'made-up@1', calibration: { impostorPairs: 1, points: [{ fmr: 1, threshold: 0 }], provenance: 'none' }, padThreshold },
    atOnce: 2,
    lookAtPicture: async ({ picture }: { picture: Uint8Array }) => {
      const name = new TextDecoder().decode(picture)
      if (name === 'nobody') throw new VultusError('face.none')
      const padScore = padThreshold === null ? null : scores[name]
      return { summary: { pad: 'notAssessed', padScore }, sample: { template: new Float32Array(1), picture: new Uint8Array(1) } }
    },
  }
  const watch = { turn: async () => undefined, tell: () => undefined }
  return { face, watch, now: () => new Date(0) } as unknown as EvaluationPorts
}

const list = 'file,species\na,bonaFide\nb,bonaFide\nnobody,bonaFide\nc,print\nd,print\nd,screen'
const folder = { list, read: async (file: string) => new TextEncoder().encode(file) }
const measured = async (padThreshold: number | null) =>
  (await evaluate(portsOf(padThreshold), { pictures: undefined, pad: folder, fmrWanted: 1e-3, plain: true })).pad

describe('attacks', () => {
  test('are counted at the threshold of the manifest, also where no capture would get a verdict', async () => {
    expect(await measured(0.5)).toMatchObject({
      assessed: true,
      threshold: 0.5,
      apcer: [
        { species: 'print', count: 1, of: 2 },
        { species: 'screen', count: 0, of: 1 },
      ],
      apcerMax: { count: 1, of: 2 },
      bpcer: { count: 1, of: 2 },
      bpnrr: { count: 1, of: 3 },
    })
    expect(await measured(0.85)).toMatchObject({ apcerMax: { count: 0 }, bpcer: { count: 1, of: 2 } })
  })

  test('are not assessed where the pack brings no network, and nothing is claimed', async () => {
    expect(await measured(null)).toMatchObject({ assessed: false, threshold: null, apcerMax: null, bpcer: { of: 0, rate: null } })
  })
})
