/**
 * Search as you type over sealed names: a keyed blind index.
 *
 * 1. For each prefix of 3 to 8 characters of a name's words and of an enrolled subject's id there is a row: 48 bits of an
 *    HMAC of the prefix, and the subject's number. Only who has the vault's key can tell which prefix a row is of;
 *    docs/blind-index.md says what the rows tell everybody else.
 * 2. The rows only narrow down: a subject is an answer where its unsealed name or id begins as asked.
 * 3. A page looks at a limited number of rows and unseals a limited number of names, whatever was asked.
 * 4. Rows come and go with the subject, in the transaction of its change.
 * 5. They are outside the digest of the rows, of which they would be the larger part: what each subject's rows have to be its sealed name
 *    and id tell, and the maintenance compares them with that, both ways, names what differs, and makes it anew.
 */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import {
  beginsWords,
  foldedId,
  isSearchable,
  prefixCharactersMax,
  prefixCharactersMin,
  prefixesOf,
  prefixOf,
  wordsOf,
} from '../core/searchText.ts'
import { macOf } from './keys/derive.ts'
import { ManyMacs, PrefixRows } from './prefixRows.ts'
import type { Identity, SubjectRow, Subjects } from './subjects.ts'

const hashBytes = 6
const idText = /^[A-Za-z0-9._-]+$/
const rowsPerLook = 256
const rowsLookedAtMax = 8_000
/** Each costs two pages of the database, which have to be decrypted where they are far apart: about 0.1 ms. */
const unsealedMax = 200
/** The longest label and 8 characters, each of at most 4 bytes. */
const prefixTextBytesMax = 'name prefix/'.length + prefixCharactersMax * 4
/** Different prefixes that a batch hashes once; of more, the later ones are hashed each time. */
const hashesKeptMax = 100_000
/** Rows that are counted to find the rarer of two words. */
const countedMax = 2_000

export interface Found {
  readonly rows: readonly SubjectRow[]
  /** Where the next page begins; null where everything was looked at. */
  readonly after: number | null
}

/** Rows of many subjects that are written together. */
interface Held {
  /** Subjects by the hash of a prefix. */
  readonly subjects: Map<number, number[]>
  /** Hashes by what was hashed. */
  readonly hashes: Map<string, number>
  readonly macs: ManyMacs
}

/** A query as it is looked up: the rows of any driver; of those, the ones that have rows of all the others too. */
interface Plan {
  readonly words: readonly string[]
  readonly id: string
  readonly drivers: readonly { readonly prefix: number; readonly others: readonly number[] }[]
}

export class LookUp {
  readonly #key: KeyObject
  readonly #subjects: Subjects
  /** What waits for the end of addTogether. */
  #held: Held | undefined
  readonly #rows: PrefixRows
  readonly #delete: Database.Statement<[number, number]>
  readonly #deleteAll: Database.Statement<[number]>
  readonly #page: Database.Statement<[number, number, number], number>
  readonly #has: Database.Statement<[number, number], number>
  readonly #ofSubject: Database.Statement<[number], number>
  readonly #numbers: Database.Statement<[number, number], { subject_no: number; orphaned: 0 | 1 }>
  readonly #count: Database.Statement<[number], number>
  readonly #backlog: Database.Statement<[], { done_until: number; missing_until: number }>
  readonly #setBacklog: Database.Statement<[number]>

  constructor(database: Database.Database, key: KeyObject, subjects: Subjects) {
    this.#key = key
    this.#subjects = subjects
    this.#rows = new PrefixRows(database)
    this.#delete = database.prepare('DELETE FROM prefixes WHERE prefix = ? AND subject_no = ?')
    this.#deleteAll = database.prepare('DELETE FROM prefixes WHERE subject_no = ?')
    this.#page = database
      .prepare<[number, number, number], number>(
        'SELECT subject_no FROM prefixes WHERE prefix = ? AND subject_no > ? ORDER BY subject_no LIMIT ?',
      )
      .pluck()
    this.#has = database.prepare<[number, number], number>('SELECT 1 FROM prefixes WHERE prefix = ? AND subject_no = ?').pluck()
    this.#ofSubject = database.prepare<[number], number>('SELECT prefix FROM prefixes WHERE subject_no = ?').pluck()
    this.#numbers = database.prepare(`SELECT DISTINCT subject_no, NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject_no = p.subject_no)
      AS orphaned FROM prefixes p WHERE subject_no > ? ORDER BY subject_no LIMIT ?`)
    this.#count = database
      .prepare<[number], number>(`SELECT count(*) FROM (SELECT 1 FROM prefixes WHERE prefix = ? LIMIT ${countedMax})`)
      .pluck()
    this.#backlog = database.prepare('SELECT done_until, missing_until FROM prefix_backlog WHERE only_row = 1')
    this.#setBacklog = database.prepare('UPDATE prefix_backlog SET done_until = ? WHERE only_row = 1')
  }

  /** Makes a subject findable; the caller is in the transaction of its change. */
  add(subjectNo: number, identity: Identity): void {
    const held = this.#held
    for (const prefix of this.#hashesOf(identity)) {
      if (held === undefined) this.#rows.add(prefix, subjectNo)
      else {
        const subjects = held.subjects.get(prefix)
        if (subjects === undefined) held.subjects.set(prefix, [subjectNo])
        else subjects.push(subjectNo)
      }
    }
  }

  /**
   * Runs changes of many subjects and then makes them findable all together, in the order of the index: each of its pages is
   * read and written once, instead of once for each row. The caller is in the transaction of the changes.
   */
  addTogether(run: () => void): void {
    const held: Held = { subjects: new Map(), hashes: new Map(), macs: new ManyMacs(this.#key, prefixTextBytesMax) }
    this.#held = held
    try {
      run()
      this.#rows.addAll(held.subjects)
    } finally {
      this.#held = undefined
      held.macs.end()
    }
  }

  /** Takes out the rows of an identity that a subject had. */
  remove(subjectNo: number, identity: Identity): void {
    for (const prefix of this.#hashesOf(identity)) this.#delete.run(prefix, subjectNo)
  }

  /** Takes out every row of a subject, also where its identity cannot be unsealed any more. */
  removeAll(subjectNo: number): void {
    this.#deleteAll.run(subjectNo)
  }

  /**
   * Subjects whose name has words that begin as those of the query, or whose id begins with it, in the order in which they came.
   * @param after of the page before, 0 for the first
   * @throws search.tooShort
   */
  search(query: string, limit: number, after: number): Found {
    const exact = this.#subjects.find(query.trim())
    const plan = this.#planOf(query, exact !== undefined)
    const rows: SubjectRow[] = exact !== undefined && after === 0 ? [exact] : []
    // Who asks for one and names it has got it.
    if (rows.length === limit) return { rows, after: null }
    let lookedAt = 0
    let unsealed = 0
    let last = after
    for (;;) {
      const numbers = this.#next(plan, last)
      if (numbers.length === 0) return { rows, after: null }
      for (const subjectNo of numbers) {
        last = subjectNo
        lookedAt += 1
        if (subjectNo === exact?.subject_no || !this.#isCandidate(plan, subjectNo)) continue
        unsealed += 1
        const row = this.#subjects.byNo(subjectNo)
        if (row !== undefined && this.#answers(plan, row)) rows.push(row)
        if (rows.length >= limit || unsealed >= unsealedMax) return { rows, after: last }
      }
      if (lookedAt >= rowsLookedAtMax) return { rows, after: last }
    }
  }

  /**
   * Indexes some subjects that were there before the index was. The caller is in a transaction.
   * @returns whether there are more
   */
  catchUp(count: number): boolean {
    const { done_until, missing_until } = this.#backlog.get() as { done_until: number; missing_until: number }
    if (done_until >= missing_until) return false
    const rows = this.#subjects.after(done_until, count).filter((row) => row.subject_no <= missing_until)
    this.addTogether(() => {
      for (const row of rows) if (row.origin === 'enrolled') this.add(row.subject_no, this.#subjects.identityOf(row))
    })
    this.#setBacklog.run(rows.at(-1)?.subject_no ?? missing_until)
    return rows.length > 0
  }

  /** How many rows of a subject the index lacks, and how many it has that are not of the subject's name and id. */
  wrongOf(row: SubjectRow): number {
    const hashes = row.origin === 'enrolled' ? new Set(this.#hashesOf(this.#subjects.identityOf(row))) : new Set<number>()
    const missing = [...hashes].filter((prefix) => this.#has.get(prefix, row.subject_no) === undefined).length
    return missing + this.#ofSubject.all(row.subject_no).filter((prefix) => !hashes.has(prefix)).length
  }

  /** Makes the rows of a subject anew from its name and id; of a number that no subject has they go. The caller is in a transaction. */
  mend(subjectNo: number): void {
    const row = this.#subjects.byNo(subjectNo)
    const identity = row === undefined ? undefined : this.#subjects.identityOf(row)
    this.removeAll(subjectNo)
    if (row?.origin === 'enrolled' && identity !== undefined) this.add(subjectNo, identity)
  }

  /** Numbers above that one which have rows, and whether no subject has the number; so many of them, ascending. */
  numbersAfter(subjectNo: number, count: number): { subject_no: number; orphaned: 0 | 1 }[] {
    return this.#numbers.all(subjectNo, count)
  }

  #planOf(query: string, isExact: boolean): Plan {
    const words = wordsOf(query)
    const id = idText.test(query.trim()) ? foldedId(query.trim()) : ''
    if (!isExact && !isSearchable(words) && id.length < prefixCharactersMin) throw new VultusError('search.tooShort')
    const long = words.filter((word) => [...word].length >= prefixCharactersMin)
    const names = (long.length > 0 ? long : isSearchable(words) ? words : []).map((word) => this.#hashOf('name', prefixOf(word)))
    const byRarity = names.map((prefix) => ({ prefix, rows: names.length > 1 ? (this.#count.get(prefix) as number) : 0 }))
    const [rarest, ...others] = byRarity.sort((left, right) => left.rows - right.rows).map(({ prefix }) => prefix)
    const drivers = rarest === undefined ? [] : [{ prefix: rarest, others }]
    if (id.length >= prefixCharactersMin) drivers.push({ prefix: this.#hashOf('id', prefixOf(id)), others: [] })
    return { words, id, drivers }
  }

  /** The next subjects of any driver, ascending, each once. */
  #next({ drivers }: Plan, after: number): number[] {
    const pages = drivers.map(({ prefix }) => this.#page.all(prefix, after, rowsPerLook))
    // What one page does not reach yet, the other must not pass.
    const until = Math.min(...pages.filter((page) => page.length === rowsPerLook).map((page) => page.at(-1) as number))
    return [...new Set(pages.flat())].filter((subjectNo) => subjectNo <= until).sort((left, right) => left - right)
  }

  #isCandidate({ drivers }: Plan, subjectNo: number): boolean {
    const has = (prefix: number) => this.#has.get(prefix, subjectNo) !== undefined
    const [first] = drivers
    if (first === undefined || first.others.length === 0) return true
    return drivers.some(({ prefix, others }) => (drivers.length === 1 || has(prefix)) && others.every(has))
  }

  #answers({ words, id }: Plan, row: SubjectRow): boolean {
    const identity = this.#subjects.identityOf(row)
    if (id.length >= prefixCharactersMin && row.origin === 'enrolled' && foldedId(identity.id).startsWith(id)) return true
    return identity.name !== null && beginsWords(words, wordsOf(identity.name))
  }

  #hashesOf({ id, name }: Identity): number[] {
    return [
      ...prefixesOf([foldedId(id)]).map((prefix) => this.#hashOf('id', prefix)),
      ...prefixesOf(name === null ? [] : wordsOf(name)).map((prefix) => this.#hashOf('name', prefix)),
    ]
  }

  #hashOf(kind: 'id' | 'name', prefix: string): number {
    const text = `${kind} prefix/${prefix}`
    const held = this.#held
    if (held === undefined) return macOf(this.#key, text).readUIntBE(0, hashBytes)
    const known = held.hashes.get(text)
    if (known !== undefined) return known
    const prefixHash = held.macs.of(text).readUIntBE(0, hashBytes)
    if (held.hashes.size < hashesKeptMax) held.hashes.set(text, prefixHash)
    return prefixHash
  }
}
