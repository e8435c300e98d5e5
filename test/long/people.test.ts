/** Photographs of people, one photograph enrolled for each; strangers stay strangers. Needs VULTUS_TEST_DATA. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { thresholdAt } from '../../src/core/calibration.ts'
import { openPack, type Pack } from '../../src/face/packs.ts'
import { packsFolder } from '../support/facePack.ts'
import { copies, type Photograph, photographsIn, type Seen, scoresOf, templatesOf, worsened } from '../support/people.ts'
import { openTestStation } from '../support/station.ts'

const data = process.env.VULTUS_TEST_DATA
const folder = data === undefined ? '' : join(data, 'faces/people')
const wantedFmr = 1e-3

describe.skipIf(!existsSync(folder))('photographs of people (VULTUS_TEST_DATA)', () => {
  const photographs = existsSync(folder) ? photographsIn(folder) : []
  const persons = [...new Set(photographs.map(({ person }) => person))]
  const of = (person: string) => photographs.filter((photograph) => photograph.person === person)

  it('are matched at rank 1 through the station, and a person who is not enrolled is not', { timeout: 300_000 }, async () => {
    const station = await openTestStation()
    try {
      const captureOf = async ({ bytes }: Photograph) => (await station.call('capture.fromPicture', { picture: bytes })).captureId
      const missed: string[] = []
      // Every photograph is the enrolled one in some round, every person the stranger in some round.
      const rounds = Math.max(persons.length, ...persons.map((person) => of(person).length))
      for (let round = 0; round < rounds; round++) {
        const stranger = persons[round % persons.length]!
        const enrolled = persons.filter((person) => person !== stranger).map((person) => of(person)[round % of(person).length]!)
        for (const photograph of enrolled) {
          await station.call('subject.enrol', { id: photograph.person as never, captureIds: [await captureOf(photograph)], fmr: wantedFmr })
        }
        for (const probe of photographs.filter((photograph) => !enrolled.includes(photograph))) {
          const { decision, candidates } = await station.call('gallery.identify', { captureId: await captureOf(probe), fmr: wantedFmr })
          const right =
            probe.person === stranger
              ? decision === 'nonMatch' && candidates.length === 0
              : decision === 'match' && candidates[0]?.id === probe.person
          if (!right)
            missed.push(
              `round ${round}, ${probe.person}/${probe.file}: ${decision} ${candidates.map(({ id, comparisonScore }) => `${id} ${comparisonScore.toFixed(3)}`)}`,
            )
        }
        for (const { person } of enrolled) await station.call('subject.erase', { id: person as never })
      }
      expect(missed).toEqual([])
    } finally {
      await station.close()
    }
  })

  describe('whichever photographs are enrolled', () => {
    let pack: Pack
    let threshold: number
    let references: Seen[]

    beforeAll(async () => {
      pack = await openPack(packsFolder, 'starter')
      threshold = thresholdAt(pack.model.calibration, wantedFmr).threshold
      references = await templatesOf(pack, photographs)
    }, 120_000)

    afterAll(async () => {
      await Promise.all([pack?.detector, pack?.landmarks, pack?.embedding].map((network) => network?.release()))
    })

    it('every other photograph is rank 1 and a match, and no other person is', () => {
      const { mates, impostors, notRank1 } = scoresOf(references, references)
      expect(notRank1).toEqual([])
      expect(mates.filter((score) => score < threshold)).toEqual([])
      expect(impostors.filter((score) => score >= threshold)).toEqual([])
    })

    for (const [name, worsen] of Object.entries(copies)) {
      it(`copies (${name}) are rank 1, 99 % of them a match, and no other person is`, { timeout: 120_000 }, async () => {
        const probes: Photograph[] = []
        for (const photograph of photographs) probes.push(await worsened(photograph, worsen))
        const { mates, impostors, notRank1 } = scoresOf(references, await templatesOf(pack, probes))
        expect(notRank1).toEqual([])
        expect(mates.filter((score) => score >= threshold).length / mates.length).toBeGreaterThanOrEqual(0.99)
        expect(impostors.filter((score) => score >= threshold)).toEqual([])
      })
    }
  })
})
