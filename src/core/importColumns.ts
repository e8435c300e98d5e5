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

export const listFields = ['number', 'name', 'picture', 'consent'] as const
export type ListField = (typeof listFields)[number]

/** Names of columns as sites write them, without case, spaces and punctuation. */
const knownNames: Readonly<Record<ListField, readonly string[]>> = {
  number: ['number', 'id', 'no', 'nr', 'subject', 'subjectid', 'subjectno', 'subjectnumber', 'personid', 'personnelnumber', 'employeeid']
    .concat(['nummer', 'personennummer', 'personalnummer', 'kennung', 'ausweisnummer'])
    .concat(['numéro', 'numero', 'matricule', 'identifiant', 'الرقم', 'رقم']),
  name: ['name', 'fullname', 'displayname', 'vollständigername', 'nom', 'nomcomplet', 'الاسم', 'اسم'],
  picture: ['picture', 'photo', 'photograph', 'image', 'portrait', 'file', 'filename', 'path', 'picturepath', 'imagepath', 'photopath']
    .concat(['bild', 'bilddatei', 'foto', 'lichtbild', 'datei', 'pfad'])
    .concat(['photographie', 'fichier', 'chemin', 'الصورة', 'صورة']),
  consent: ['consent', 'consentdate', 'consentday', 'dateofconsent', 'consentedon']
    .concat(['einwilligung', 'einwilligungsdatum', 'datumdereinwilligung', 'eingewilligtam'])
    .concat(['consentement', 'dateconsentement', 'dateduconsentement', 'الموافقة', 'تاريخالموافقة']),
}

const plain = (name: string) =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '')

/** A field of the form, and what its column may be called. */
export interface FormColumn {
  readonly id: string
  readonly names: readonly string[]
}

/** Where each field stands in a row; a list may do without names and days of consent. */
export interface ListColumns {
  readonly number: number
  readonly name: number | undefined
  readonly picture: number
  readonly consent: number | undefined
  /** Places of columns by the fields of the form. */
  readonly fields: Readonly<Record<string, number>>
  /** Names of the columns that mean nothing here. */
  readonly unread: readonly string[]
}

/** What somebody says that columns are called. */
export type NamedColumns = Readonly<Partial<Record<ListField, string | undefined>>> & {
  readonly fields?: Readonly<Record<string, string>> | undefined
}

const isOptional = (field: ListField) => field === 'name' || field === 'consent'
/** As the columns of fields are named on the command line. */
const optionOf = (field: ListField) => `--${field}-column`

/** Places in the header whose name is one of these. */
const placesOf = (header: readonly string[], names: readonly string[]) =>
  header.flatMap((name, at) => (names.includes(plain(name)) ? [at] : []))

/**
 * What each column of a list is taken for, as far as the names tell: what is missing or stands twice is left out.
 * @param form fields of the form that may have a column of their own
 */
export function guessColumns(
  header: readonly string[],
  form: readonly FormColumn[],
): { readonly taken: Readonly<Partial<Record<ListField, string>>>; readonly fields: Readonly<Record<string, string>> } {
  const used = new Set<number>()
  const only = (names: readonly string[]) => {
    const places = placesOf(header, names)
    const [place] = places
    if (place === undefined || places.length > 1 || used.has(place)) return undefined
    used.add(place)
    return header[place]
  }
  const taken: Partial<Record<ListField, string>> = {}
  for (const field of listFields) {
    const column = only(knownNames[field])
    if (column !== undefined) taken[field] = column
  }
  const fields: Record<string, string> = {}
  for (const { id, names } of form) {
    const column = only([id, ...names].map(plain))
    if (column !== undefined) fields[id] = column
  }
  return { taken, fields }
}

/**
 * Finds the columns by their names.
 * @param header names in the first line
 * @param named what somebody says that a column is called
 * @returns what is wrong, in words that name columns only
 */
export function columnsOf(header: readonly string[], named: NamedColumns): ListColumns | string {
  const found: Partial<Record<ListField, number>> = {}
  for (const field of listFields) {
    const asked = named[field]
    // Days of consent are read only where the import says so.
    if (asked === undefined && field === 'consent') continue
    const places = placesOf(header, asked === undefined ? knownNames[field] : [plain(asked)])
    if (places.length > 1) return `several columns could be the ${field}: name it with ${optionOf(field)}`
    const [place] = places
    if (place !== undefined) found[field] = place
    else if (asked !== undefined || !isOptional(field)) return `the first line names no column ${asked ?? field}`
  }
  const fields: Record<string, number> = {}
  for (const [field, asked] of Object.entries(named.fields ?? {})) {
    const [place, second] = placesOf(header, [plain(asked)])
    if (second !== undefined) return `several columns are called ${asked}`
    if (place === undefined) return `the first line names no column ${asked}`
    fields[field] = place
  }
  const { number, name, picture, consent } = found
  if (number === undefined || picture === undefined) return 'the first line names no columns number and picture'
  const places = [number, name, picture, consent, ...Object.values(fields)].filter((place) => place !== undefined)
  const used = new Set(places)
  if (used.size < places.length) return 'one column is named for two fields'
  return { number, name, picture, consent, fields, unread: header.filter((column, at) => !used.has(at) && column !== '') }
}
