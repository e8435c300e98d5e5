/** A step of the search for double enrolments leaves no template behind, however it ends. */
import { expect, it } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import type { Job } from '../../../src/contract/jobs.ts'
import { stepDuplicates } from '../../../src/operations/duplicates.ts'

const model = 'drawn@1.0.0'
const job = { id: 'job', state: 'running' } as unknown as Job

interface Faults {
  readonly model?: string
  readonly searchBatch?: () => Promise<never>
  readonly references?: () => never
}

/** A gallery of three rows, of which two are alike, with ports that may fail. */
function scene(faults: Faults) {
  const templates = [Float32Array.of(1, 0), Float32Array.of(1, 0), Float32Array.of(0, 1)]
  const handedOut: Float32Array[] = []
  const numbered = (referenceNo: number) => {
    const template = Float32Array.from(templates[referenceNo] as Float32Array)
    handedOut.push(template)
    return { referenceNo, subjectNo: referenceNo, template }
  }
  const candidates = templates.map((_, referenceNo) => ({ referenceNo }))
  const sent: Float32Array[] = []
  const ports = {
    face: { model: { id: faults.model ?? model } },
    matcher: {
      searchBatch: async ({ probe }: { probe: Float32Array }) => {
        sent.push(probe)
        await faults.searchBatch?.()
        return [{ candidates }, { candidates }]
      },
    },
    vault: {
      duplicates: {
        next: () => ({ settings: { model }, threshold: 0.5, probes: [numbered(0), numbered(2)] }),
        references: (_: string, referenceNos: readonly number[]) => faults.references?.() ?? referenceNos.map(numbered),
        keep: () => 0.5,
        record: () => job,
      },
    },
  }
  return { ports: ports as never, handedOut, sent }
}

const failing = async () => {
  throw new VultusError('request.timedOut')
}

it.each<[string, Faults, string | undefined]>([
  ['is done', {}, undefined],
  ['another model is active', { model: 'other@1.0.0' }, 'template.invalid'],
  ['the matcher fails', { searchBatch: failing }, 'request.timedOut'],
  [
    'the vault fails',
    {
      references: () => {
        throw new VultusError('vault.locked')
      },
    },
    'vault.locked',
  ],
])('zeroes every template where %s', async (_, faults, code) => {
  const { ports, handedOut, sent } = scene(faults)
  const step = stepDuplicates(ports, 'job', async () => undefined)
  if (code === undefined) expect(await step).toBe(job)
  else await expect(step).rejects.toMatchObject({ code })
  expect(handedOut.length).toBeGreaterThan(1)
  for (const template of [...handedOut, ...sent]) expect([...template].every((value) => value === 0)).toBe(true)
})
