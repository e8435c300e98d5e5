/** What a list of people for a bulk import is: its delimiter and its columns, found by the first line. */

/** What separates fields; the first one counts where there is none of them. */
const delimiters = [',', ';', '\t'] as const
export type Delimiter = (typeof delimiters)[number]

const bom = '\uFEFF'
/** What spreadsheet programs write above the header line. */
const separatorLine = /^sep=([,;\t])\r?(?:\n|$)/

export interface ListShape {
  readonly delimiter: Delimiter
  /** Lines above the header line. */
  readonly linesBefore: 0 | 1
}

/** The first record of a text, with the quotes that are in it. */
function* outsideQuotes(text: string): Iterable<string> {
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '\n' || character === '\r') return
    else yield character
  }
}

/** The delimiter that the first line has most of, outside of quotes. @param beginning of the list, with its whole first line */
export function shapeOf(beginning: string): ListShape {
  const text = beginning.startsWith(bom) ? beginning.slice(1) : beginning
  const named = separatorLine.exec(text)?.[1]
  if (named !== undefined) return { delimiter: named as Delimiter, linesBefore: 1 }
  const counts = new Map<string, number>(delimiters.map((delimiter) => [delimiter, 0]))
  for (const character of outsideQuotes(text)) {
    const count = counts.get(character)
    if (count !== undefined) counts.set(character, count + 1)
  }
  const [delimiter] = [...delimiters].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
  return { delimiter: delimiter ?? ',', linesBefore: 0 }
}

export type ListField = 'number' | 'name' | 'picture'

/** Names of columns as sites write them, without case, spaces and punctuation. */
const knownNames: Readonly<Record<ListField, readonly string[]>> = {
  number: ['number', 'id', 'no', 'nr', 'subject', 'subjectid', 'subjectno', 'subjectnumber', 'personid', 'personnelnumber', 'employeeid']
    .concat(['nummer', 'personennummer', 'personalnummer', 'kennung', 'ausweisnummer'])
    .concat(['numéro', 'numero', 'matricule', 'identifiant', 'الرقم', 'رقم']),
  name: ['name', 'fullname', 'displayname', 'vollständigername', 'nom', 'nomcomplet', 'الاسم', 'اسم'],
  picture: ['picture', 'photo', 'photograph', 'image', 'portrait', 'file', 'filename', 'path', 'picturepath', 'imagepath', 'photopath']
    .concat(['bild', 'bilddatei', 'foto', 'lichtbild', 'datei', 'pfad'])
    .concat(['photographie', 'fichier', 'chemin', 'الصورة', 'صورة']),
}

const plain = (name: string) =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '')

/** Where each field stands in a row; a list may do without names. */
export interface ListColumns {
  readonly number: number
  readonly name: number | undefined
  readonly picture: number
  /** Names of the columns that mean nothing here. */
  readonly unread: readonly string[]
}

/**
 * Finds the columns by their names.
 * @param header names in the first line
 * @param named what somebody says that a column is called
 * @returns what is wrong, in words that name columns only
 */
export function columnsOf(
  header: readonly string[],
  named: Readonly<Partial<Record<ListField, string | undefined>>>,
): ListColumns | string {
  const found: Partial<Record<ListField, number>> = {}
  for (const field of ['number', 'name', 'picture'] as const) {
    const asked = named[field]
    const wanted = asked === undefined ? knownNames[field] : [plain(asked)]
    const places = header.flatMap((name, at) => (wanted.includes(plain(name)) ? [at] : []))
    if (places.length > 1) return `several columns could be the ${field}: name it with --${field}-column`
    const [place] = places
    if (place !== undefined) found[field] = place
    else if (asked !== undefined || field !== 'name') return `the first line names no column ${asked ?? field}`
  }
  const { number, name, picture } = found
  if (number === undefined || picture === undefined) return 'the first line names no columns number and picture'
  if (number === picture || number === name || picture === name) return 'one column is named for two fields'
  const used = new Set([number, name, picture])
  return { number, name, picture, unread: header.filter((column, at) => !used.has(at) && column !== '') }
}
