/**
 * The patterns of form policies: a subset of regular expressions without anything that needs backtracking (no back references, no
 * looking around), so that pattern.ts can match in linear time. What is in the subset means what it means in JavaScript with the
 * flag u, with the whole value matched.
 */

/** Whether a character, by its code point, belongs to a set. */
export type CharacterTest = (codePoint: number) => boolean

export type PatternNode =
  | { readonly kind: 'character'; readonly test: CharacterTest }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number }

/** What of a pattern is not in the subset. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/** Largest number in {n,m}. */
const repeatMax = 200
const syntaxCharacters = '^$\\.*+?()[]{}|/'
const categories = ['L', 'Lu', 'Ll', 'Lt', 'Lm', 'Lo', 'M', 'N', 'Nd', 'P', 'Pd', 'S', 'Z', 'Zs'] as const

/** One character at a time, so that nothing can run away in them. */
const classOf = (source: string): CharacterTest => {
  const expression = new RegExp(`^${source}$`, 'u')
  return (codePoint) => expression.test(String.fromCodePoint(codePoint))
}
const classes: Readonly<Record<string, CharacterTest>> = Object.fromEntries(
  ['\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '.'].map((source) => [source, classOf(source)]),
)
const categoryTests = new Map<string, CharacterTest>(
  categories.flatMap((name) => [[`p{${name}}`, classOf(`\\p{${name}}`)] as const, [`P{${name}}`, classOf(`\\P{${name}}`)] as const]),
)

class Reader {
  readonly #characters: readonly string[]
  #at = 0

  constructor(source: string) {
    this.#characters = [...source]
  }

  get ended(): boolean {
    return this.#at >= this.#characters.length
  }

  get next(): string {
    return this.#characters[this.#at] ?? ''
  }

  take(): string {
    if (this.ended) throw new PatternError('it ends too early')
    return this.#characters[this.#at++] as string
  }

  /** Takes this text, where it comes next. */
  takes(text: string): boolean {
    if (
      !this.#characters
        .slice(this.#at, this.#at + text.length)
        .join('')
        .startsWith(text)
    )
      return false
    this.#at += text.length
    return true
  }
}

/** @throws PatternError */
export function parsePattern(source: string): PatternNode {
  const reader = new Reader(source)
  reader.takes('^')
  const node = choiceIn(reader, 0)
  if (!reader.ended) throw new PatternError(`"${reader.next}" is not expected`)
  return node
}

function choiceIn(reader: Reader, depth: number): PatternNode {
  const parts = [sequenceIn(reader, depth)]
  while (reader.takes('|')) parts.push(sequenceIn(reader, depth))
  return parts.length === 1 ? (parts[0] as PatternNode) : { kind: 'choice', parts }
}

function sequenceIn(reader: Reader, depth: number): PatternNode {
  const parts: PatternNode[] = []
  while (!reader.ended && reader.next !== '|' && reader.next !== ')') {
    if (reader.next === '$') {
      reader.take()
      // The whole value is matched anyway; elsewhere it would mean something else.
      if (depth === 0 && reader.ended) break
      throw new PatternError('"$" stands only at the end')
    }
    parts.push(repeatedIn(reader, atomIn(reader, depth)))
  }
  return { kind: 'sequence', parts }
}

function atomIn(reader: Reader, depth: number): PatternNode {
  const character = reader.take()
  if (character === '(') {
    if (reader.next === '?' && !reader.takes('?:')) throw new PatternError('"(?" is not in the subset')
    const inner = choiceIn(reader, depth + 1)
    if (reader.take() !== ')') throw new PatternError('a ")" is missing')
    return inner
  }
  if (character === '[') return { kind: 'character', test: setIn(reader) }
  if (character === '\\') return { kind: 'character', test: escapeIn(reader) }
  if (character === '.') return { kind: 'character', test: classes['.'] as CharacterTest }
  if (syntaxCharacters.includes(character) && character !== '/') throw new PatternError(`"${character}" is not expected`)
  return { kind: 'character', test: isCharacter(character) }
}

function repeatedIn(reader: Reader, part: PatternNode): PatternNode {
  const counts = countsIn(reader)
  if (counts === undefined) return part
  if ('?*+{'.includes(reader.next) && !reader.ended) throw new PatternError('two repetitions of one part')
  return { kind: 'repeat', part, ...counts }
}

function countsIn(reader: Reader): { min: number; max: number } | undefined {
  if (reader.takes('?')) return { min: 0, max: 1 }
  if (reader.takes('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
  if (reader.takes('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
  if (!reader.takes('{')) return undefined
  let text = ''
  while (reader.next !== '}') text += reader.take()
  reader.take()
  const found = /^(\d{1,3})(,(\d{0,3}))?$/.exec(text)
  if (found === null) throw new PatternError(`"{${text}}" is not in the subset`)
  const min = Number(found[1])
  const max = found[2] === undefined ? min : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3])
  if (min > max || min > repeatMax || (Number.isFinite(max) && max > repeatMax)) throw new PatternError(`"{${text}}": at most ${repeatMax}`)
  return { min, max }
}

function isCharacter(character: string): CharacterTest {
  const wanted = character.codePointAt(0)
  return (codePoint) => codePoint === wanted
}

/** What stands behind a backslash. */
function escapeIn(reader: Reader, inSet = false): CharacterTest {
  const character = reader.take()
  const known = classes[`\\${character}`]
  if (known !== undefined) return known
  if (character === 'p' || character === 'P') {
    let text = character
    do text += reader.take()
    while (!text.endsWith('}') && text.length < 8)
    const category = categoryTests.get(text)
    if (category === undefined) throw new PatternError(`"\\${text}" is not in the subset`)
    return category
  }
  if (syntaxCharacters.includes(character) || (inSet && character === '-')) return isCharacter(character)
  throw new PatternError(`"\\${character}" is not in the subset`)
}

/** A set in brackets; the "[" is taken already. */
function setIn(reader: Reader): CharacterTest {
  const isNegated = reader.takes('^')
  const tests: CharacterTest[] = []
  while (reader.next !== ']') {
    const character = reader.take()
    if (character === '\\') {
      tests.push(escapeIn(reader, true))
      continue
    }
    if (character === '[') throw new PatternError('"[" in a set')
    if (!reader.takes('-')) tests.push(isCharacter(character))
    else if (reader.next === ']') tests.push(isCharacter(character), isCharacter('-'))
    else tests.push(rangeOf(character, reader.take()))
  }
  reader.take()
  return (codePoint) => tests.some((test) => test(codePoint)) !== isNegated
}

function rangeOf(first: string, last: string): CharacterTest {
  const [from, to] = [first.codePointAt(0) as number, last.codePointAt(0) as number]
  if (last === '\\' || last === '[' || from > to) throw new PatternError(`"${first}-${last}" is no range`)
  return (codePoint) => codePoint >= from && codePoint <= to
}
