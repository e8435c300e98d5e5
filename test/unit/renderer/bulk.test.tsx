/** Bulk import in the window: what is drawn of a report, in every language. */
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { ImportGrounds, ImportOutcome, ImportReport } from '../../../src/contract/bulkImport.ts'
import { bulkTexts } from '../../../src/renderer/features/bulk/bulkText.ts'
import { ImportReportCard } from '../../../src/renderer/features/bulk/ImportReportCard.tsx'
import { StartImport } from '../../../src/renderer/features/bulk/StartImport.tsx'
import { usualAnswers } from '../../support/fakeStation.ts'

const answer = ImportReport.parse(usualAnswers['import.report']?.({}, { role: 'supervisor', door: 'ipc' }))
const [refused] = answer.rows
const report: ImportReport = {
  ...answer,
  readable: false,
  rows: [
    { ...refused!, row: 17, detail: 'number: <b>none</b>' },
    { ...refused!, row: 18, outcome: 'suspected', message: 'Alike.', number: null, picture: 'R-18/' },
  ],
  cursor: 18 as NonNullable<ImportReport['cursor']>,
}
const nothing = async () => undefined

it.each(Object.entries(bulkTexts))('the report is drawn in %s with a button for each row to decide', (_, words) => {
  const drawn = renderToStaticMarkup(
    <ImportReportCard
      words={words}
      filter="notEnrolled"
      onFilter={() => undefined}
      asked={{ value: report, refusal: undefined, again: nothing }}
      save={() => undefined}
      onDecide={() => undefined}
    />,
  )
  for (const outcome of ImportOutcome.options) expect(drawn).toContain(words.outcomes[outcome])
  for (const shown of [words.notReadable, words.more, words.save, 'R-17', 'R-18/', '&lt;b&gt;']) expect(drawn).toContain(shown)
  expect(drawn.split(`>${words.decide}<`)).toHaveLength(2)
})

it('an import cannot begin without a source, or while another one goes on', () => {
  const drawn = (busy: boolean) => renderToStaticMarkup(<StartImport words={bulkTexts.en} busy={busy} onStarted={nothing} />)
  expect(drawn(false)).toMatch(/<button type="submit"[^>]* disabled=""/)
  expect(drawn(true)).toMatch(/<button type="submit"[^>]* disabled=""/)
})

it('no sentence is left in English, and places to fill are the same in every language', () => {
  const placesIn = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(([place]) => place).sort()
  for (const [language, words] of Object.entries(bulkTexts)) {
    for (const [key, sentence] of Object.entries(words)) {
      const english = bulkTexts.en[key as keyof typeof bulkTexts.en]
      if (typeof sentence === 'string' && typeof english === 'string')
        expect(`${language} ${key} ${placesIn(sentence)}`).toBe(`${language} ${key} ${placesIn(english)}`)
    }
    expect(Object.keys(words.groundsOf).sort()).toEqual([...ImportGrounds.options].sort())
    if (language !== 'en') expect(words.decideTitle).not.toBe(bulkTexts.en.decideTitle)
  }
})
