/** Bulk import in the window: what is drawn of a report in every language, and what a plan makes of columns and consent. */
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, expect, it } from 'vitest'
import { ImportOutcome, ImportReport } from '../../../src/contract/bulkImport.ts'
import { Language } from '../../../src/contract/rows/desk.ts'
import type { OutputOf } from '../../../src/contract/table.ts'
import { ImportReportCard } from '../../../src/renderer/features/bulk/ImportReportCard.tsx'
import { changePlan, forgetPlan, isReady, setLooked, setSource, startOf, usePlan } from '../../../src/renderer/features/bulk/importPlan.ts'
import { StartImport } from '../../../src/renderer/features/bulk/StartImport.tsx'
import { errorCatalogues } from '../../../src/renderer/locale/errors/words.ts'
import { speak, text } from '../../../src/renderer/locale/text.ts'
import { usualAnswers } from '../../support/usualAnswers.ts'

const answer = ImportReport.parse(usualAnswers['import.report']?.({}, { role: 'supervisor', door: 'ipc' }))
const [refused] = answer.rows
const report: ImportReport = {
  ...answer,
  readable: false,
  rows: [
    { ...refused!, row: 17, detail: 'number: <b>none</b>' },
    { ...refused!, row: 18, outcome: 'suspected', code: 'import.suspected', message: 'Alike.', number: null, picture: 'R-18/' },
  ],
  cursor: 18 as NonNullable<ImportReport['cursor']>,
}
const nothing = async () => undefined

afterEach(() => {
  speak('en')
  forgetPlan()
})

it.each(Language.options)('the report is drawn in %s with its reasons and a button for each row to decide', (language) => {
  speak(language)
  const drawn = renderToStaticMarkup(
    <ImportReportCard
      filter="notEnrolled"
      onFilter={() => undefined}
      asked={{ value: report, refusal: undefined, again: nothing }}
      onSave={() => undefined}
      onDecide={() => undefined}
    />,
  )
  const words = text.bulk
  for (const outcome of ImportOutcome.options) expect(drawn).toContain(words.outcomes[outcome])
  for (const shown of [words.notReadable, words.more, words.save, 'R-17', 'R-18/', '&lt;b&gt;']) expect(drawn).toContain(shown)
  if (language !== 'en') expect(drawn).toContain(errorCatalogues[language]?.['face.none']?.[0])
  expect(drawn.split(`>${words.decide}<`)).toHaveLength(2)
})

it('an import cannot begin without a source, or while another one goes on', () => {
  const begin = (busy: boolean) => renderToStaticMarkup(<StartImport busy={busy} unknown={undefined} onStarted={nothing} />)
  expect(begin(false).match(/<button type="submit"[^>]* disabled=""/g)).toHaveLength(2)
  expect(begin(true)).toMatch(/<button type="submit"[^>]* disabled=""/)
})

const list: OutputOf<'import.look'> = {
  kind: 'list',
  rows: 3,
  columns: ['Nr', 'Bild', 'Tag', 'Station'],
  taken: { number: 'Nr', name: null, picture: 'Bild', consent: 'Tag' },
  fields: { ward: 'Station' },
}

it('an import asks how people consented where the site asks for consent, and nowhere else', () => {
  setSource('/people.csv')
  expect(isReady(usePlan.getState(), false)).toBe(false)
  setLooked(list)
  expect([isReady(usePlan.getState(), false), isReady(usePlan.getState(), true)]).toEqual([true, false])
  changePlan({ given: 'otherGround' })
  expect(isReady(usePlan.getState(), true)).toBe(true)
  changePlan({ given: 'paper' })
  expect(isReady(usePlan.getState(), true)).toBe(false)
  changePlan({ language: 'de', version: 2 })
  expect(isReady(usePlan.getState(), true)).toBe(true)
  expect(startOf(usePlan.getState())).toEqual({
    source: '/people.csv',
    duplicates: 'ask',
    preset: 'none',
    consentGiven: 'paper',
    consentVersion: 2,
    consentLanguage: 'de',
    numberColumn: 'Nr',
    pictureColumn: 'Bild',
    consentColumn: 'Tag',
    fieldColumns: { ward: 'Station' },
  })
  // Another source is another import.
  setSource('/others.csv')
  expect(usePlan.getState()).toMatchObject({ looked: undefined, fields: {}, columns: { number: null } })
})

it('a list without a column for number or picture cannot be imported', () => {
  setLooked({ ...list, taken: { ...list.taken, picture: null } })
  expect(isReady(usePlan.getState(), false)).toBe(false)
})
