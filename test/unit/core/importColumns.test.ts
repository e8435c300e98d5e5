import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf, guessColumns, shapeOf } from '../../../src/core/importColumns.ts'

const delimiters = [',', ';', '\t'] as const

describe('the shape of a list', () => {
  it('is found by the first line, whatever the rows and quoted names have', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9 _-]{1,12}$/)
    const quoted = fc.stringMatching(/^[a-z,;\t\n]{1,12}$/).map((text) => `"${text}"`)
    fc.assert(
      fc.property(
        fc.constantFrom(...delimiters),
        fc.array(fc.oneof(word, quoted), { minLength: 2, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.string(),
        (delimiter, header, lineEnd, bom, rest) => {
          const text = `${bom ? '\uFEFF' : ''}${header.join(delimiter)}${lineEnd}${rest}`
          expect(shapeOf(text)).toEqual({ delimiter, linesBefore: 0 })
        },
      ),
    )
  })

  it('follows the line that spreadsheet programs write above the header', () => {
    expect(shapeOf('\uFEFFsep=;\r\nnumber;picture\r\n')).toEqual({ delimiter: ';', linesBefore: 1 })
    expect(shapeOf('sep=|\nnumber,picture')).toEqual({ delimiter: ',', linesBefore: 0 })
    expect(shapeOf('')).toEqual({ delimiter: ',', linesBefore: 0 })
  })
})

describe('the columns of a list', () => {
  it('are known by their names in several languages, whatever their case and punctuation', () => {
    expect(columnsOf(['Personal-Nummer', 'Vollständiger Name', 'BILD', 'Ausweis'], {})).toEqual({
      number: 0,
      name: 1,
      picture: 2,
      fields: {},
      unread: ['Ausweis'],
    })
    expect(columnsOf(['photo', 'Matricule', 'nom'], {})).toEqual({
      number: 1,
      name: 2,
      picture: 0,
      consent: undefined,
      fields: {},
      unread: [],
    })
    expect(columnsOf(['الرقم', 'الاسم', 'الصورة'], {})).toEqual({
      number: 0,
      name: 1,
      picture: 2,
      consent: undefined,
      fields: {},
      unread: [],
    })
    expect(columnsOf(['subject_id', 'picture'], {})).toEqual({
      number: 0,
      name: undefined,
      picture: 1,
      consent: undefined,
      fields: {},
      unread: [],
    })
  })

  it('can be named', () => {
    expect(columnsOf(['Kennzahl', 'Aufnahme', 'Rufname'], { number: 'kennzahl', picture: 'Aufnahme', name: 'Rufname' })).toEqual({
      number: 0,
      name: 2,
      picture: 1,
      fields: {},
      unread: [],
    })
  })

  it('are refused in words that name the column', () => {
    expect(columnsOf(['name', 'picture'], {})).toBe('the first line names no column number')
    expect(columnsOf(['id', 'nr', 'picture'], {})).toBe('several columns could be the number: name it with --number-column')
    expect(columnsOf(['id', 'picture'], { name: 'Rufname' })).toBe('the first line names no column Rufname')
    expect(columnsOf(['id', 'picture'], { picture: 'id' })).toBe('one column is named for two fields')
    expect(columnsOf(['id', 'picture'], { fields: { ward: 'Ward' } })).toBe('the first line names no column Ward')
    expect(columnsOf(['id', 'picture'], { fields: { ward: 'picture' } })).toBe('one column is named for two fields')
  })

  it('of the form and of the consent are taken only where they are named, and guessed by id and label in any language', () => {
    const header = ['Nummer', 'Bild', 'Einwilligung', 'Geburtstag', 'Station', 'ward']
    expect(columnsOf(header, {})).toMatchObject({ consent: undefined, fields: {}, unread: header.slice(2) })
    const form = [
      { id: 'birthday', names: ['Birthday', 'Geburtstag'] },
      { id: 'ward', names: ['Ward', 'Station'] },
    ]
    // Two columns could be the ward: nobody guesses between them.
    expect(guessColumns(header, form)).toEqual({
      taken: { number: 'Nummer', picture: 'Bild', consent: 'Einwilligung' },
      fields: { birthday: 'Geburtstag' },
    })
    const named = columnsOf(header, { consent: 'Einwilligung', fields: { birthday: 'Geburtstag', ward: 'Station' } })
    expect(named).toEqual({ number: 0, name: undefined, picture: 1, consent: 2, fields: { birthday: 3, ward: 4 }, unread: ['ward'] })
  })
})
