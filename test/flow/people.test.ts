/** The path on photographs: one enrolled from one photograph each, others of them found, a stranger not. Needs VULTUS_TEST_DATA. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTestStation } from '../support/station.ts'

const data = process.env.VULTUS_TEST_DATA
const people = data === undefined ? '' : join(data, 'faces/people')

describe.skipIf(!existsSync(people))('photographs of people (VULTUS_TEST_DATA)', () => {
  it('are matched at rank 1 at a false match rate of 1e-3, and a person who is not enrolled is not', async () => {
    const station = await openTestStation()
    try {
      const persons = readdirSync(people).sort()
      const stranger = persons.at(-1)
      const pictures = (person: string) => readdirSync(join(people, person)).sort()
      const capture = async (person: string, file: string) =>
        (await station.call('capture.fromPicture', { picture: new Uint8Array(readFileSync(join(people, person, file))) })).captureId
      for (const person of persons.slice(0, -1)) {
        await station.call('subject.enrol', { id: person as never, captureIds: [await capture(person, pictures(person)[0]!)] })
      }
      const missed: string[] = []
      for (const person of persons) {
        for (const file of pictures(person).slice(person === stranger ? 0 : 1)) {
          const { decision, candidates } = await station.call('gallery.identify', { captureId: await capture(person, file) })
          const right = person === stranger ? decision === 'nonMatch' : decision === 'match' && candidates[0]?.id === person
          if (!right)
            missed.push(
              `${person}/${file}: ${decision} ${candidates.map((candidate) => `${candidate.id} ${candidate.comparisonScore.toFixed(3)}`)}`,
            )
        }
      }
      expect(missed).toEqual([])
    } finally {
      await station.close()
    }
  })
})
