/** Lists of pairs to compare: as Labeled Faces in the Wild writes them (pairs.txt), or CSV with the columns first, second, same. */
import { csvRows } from './csv.ts'

export interface ListedPicture {
  /** As it is named in its folder, with / between folders. */
  readonly file: string
  readonly person: string
}

/** Pairs of pictures by their place in the list of pictures. */
export interface PairList {
  readonly first: Uint32Array
  readonly second: Uint32Array
  /** 1 for pictures of one person. */
  readonly same: Uint8Array
}

export interface PairedPictures {
  readonly pictures: readonly ListedPicture[]
  readonly pairs: PairList
}

interface NamedPair {
  readonly first: ListedPicture
  readonly second: ListedPicture
  readonly same: boolean
}

export const listedPairsMax = 2_000_000

const sameWords: Readonly<Record<string, boolean>> = {
  1: true,
  yes: true,
  true: true,
  mate: true,
  0: false,
  no: false,
  false: false,
  impostor: false,
}

/** The number that a picture's name ends with: name_0012.jpg has 12. */
const numberOf = (file: string) => Number(/(\d+)\.[^./]+$/.exec(file)?.[1] ?? Number.NaN)

function csvPairs(text: string): NamedPair[] | string {
  const rows = csvRows(text, ['first', 'second', 'same'])
  if (typeof rows === 'string') return rows
  const pairs: NamedPair[] = []
  const pictureOf = (file: string) => ({ file, person: file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : file })
  for (const { first, second, same } of rows) {
    const isSame = sameWords[same.toLowerCase()]
    if (isSame === undefined) return `same is ${JSON.stringify(same.slice(0, 20))}, it has to be 1 or 0`
    pairs.push({ first: pictureOf(first), second: pictureOf(second), same: isSame })
  }
  return pairs
}

/** Lines `name n1 n2` and `name1 n1 name2 n2`; lines of counts alone are headers. */
function lfwPairs(text: string, listed: readonly ListedPicture[]): NamedPair[] | string {
  const byNumber = new Map(listed.map((picture) => [`${picture.person} ${numberOf(picture.file)}`, picture]))
  const pairs: NamedPair[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const fields = line.trim().split(/\s+/)
    if (line.trim() === '' || fields.every((field) => /^\d+$/.test(field))) continue
    const named = fields.length === 3 ? [fields[0]!, fields[1]!, fields[0]!, fields[2]!] : fields
    if (named.length !== 4) return `line ${index + 1} names no pair`
    const [first, second] = [byNumber.get(`${named[0]} ${Number(named[1])}`), byNumber.get(`${named[2]} ${Number(named[3])}`)]
    if (first === undefined || second === undefined) return `line ${index + 1} names a picture that is not there`
    pairs.push({ first, second, same: named[0] === named[2] })
  }
  return pairs
}

/**
 * Reads a list of pairs.
 * @param listed pictures of the folder, for lists that name a person and a number
 * @returns what is wrong, in words
 */
export function pairedPictures(text: string, listed: readonly ListedPicture[]): PairedPictures | string {
  const named = /^\uFEFF?[^\n]*,/.test(text) ? csvPairs(text) : lfwPairs(text, listed)
  if (typeof named === 'string') return named
  if (named.length === 0) return 'it names no pairs'
  if (named.length > listedPairsMax) return `at most ${listedPairsMax} pairs`
  const places = new Map<string, number>()
  const pictures: ListedPicture[] = []
  const placeOf = (picture: ListedPicture) => {
    const known = places.get(picture.file)
    if (known !== undefined) return known
    places.set(picture.file, pictures.length)
    return pictures.push(picture) - 1
  }
  const pairs = {
    first: Uint32Array.from(named, ({ first }) => placeOf(first)),
    second: Uint32Array.from(named, ({ second }) => placeOf(second)),
    same: Uint8Array.from(named, ({ same }) => (same ? 1 : 0)),
  }
  return { pictures, pairs }
}
