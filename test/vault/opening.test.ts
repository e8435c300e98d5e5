import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/vault/canonical.ts'
import { encodeHeader, type Header, parseHeader } from '../../src/vault/header.ts'
import { holderOf } from '../../src/vault/holder.ts'
import { initVault, openVault } from '../../src/vault/open.ts'
import { deniedOpening, heldByAnother } from '../fault/child-process.ts'
import {
  clock,
  codeOf,
  enrolEntry,
  eraseEntry,
  fingerprint,
  newVault,
  passphrase,
  rawDatabase,
  referenceOf,
  reopened,
  temporaryFolder,
} from './fixtures.ts'

const pageBytes = 8192
const open = (folder: string, given: string | undefined = passphrase) => openVault({ folder, passphrase: given, nowMs: clock() })

/** Only Linux tells who has locked a file. */
const holderText = (pid: number) => (process.platform === 'linux' ? `process ${pid}` : undefined)
const refusalOf = (folder: string) =>
  open(folder).then(
    () => undefined,
    (error: unknown) => error,
  )

/** A closed vault with twenty subjects; each test works on a copy. */
let original: { header: Buffer; database: Buffer }

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-vault-'))
  const vault = await initVault({ folder, key: 'passphrase', passphrase, kind: 'demo', nowMs: clock() })
  for (let no = 0; no < 20; no++) vault.enrolments.commit({ id: `R-${no}`, references: [referenceOf(`s${no}`)], audit: enrolEntry })
  vault.close()
  original = { header: readFileSync(join(folder, 'vault.json')), database: readFileSync(join(folder, 'vault.db')) }
  rmSync(folder, { recursive: true })
})

function copy(changes: { header?: Buffer | string | null; database?: Buffer | null } = {}): string {
  const folder = temporaryFolder()
  const { header = original.header, database = original.database } = changes
  if (header !== null) writeFileSync(join(folder, 'vault.json'), header, { mode: 0o600 })
  if (database !== null) writeFileSync(join(folder, 'vault.db'), database, { mode: 0o600 })
  return folder
}

/** Opens, expects a refusal, and expects every file to be what it was. */
async function refusedUnchanged(folder: string, given?: string): Promise<string | undefined> {
  const before = fingerprint(folder)
  const code = await codeOf(async () => (await open(folder, given)).close())
  expect(fingerprint(folder)).toEqual(before)
  return code
}

const headerOf = () => parseHeader(original.header.toString())
/** A header whose digest was made to fit what was changed. */
function redigested({ digest: _, ...signed }: Header): string {
  return encodeHeader({ ...signed, digest: createHash('sha256').update(canonicalJson(signed)).digest('base64') })
}

const flipped = (bytes: Buffer, at: number) => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)))

describe('the wrong key', () => {
  it('is told before the database is touched', async () => {
    expect(await refusedUnchanged(copy(), 'correct horse batterz')).toBe('vault.wrongKey')
    expect(await refusedUnchanged(copy({ database: Buffer.from('no database at all') }), 'correct horse batterz')).toBe('vault.wrongKey')
  })

  it('no passphrase leaves a vault locked', async () => {
    const folder = copy()
    expect(await codeOf(() => openVault({ folder, nowMs: clock() }))).toBe('vault.locked')
  })

  it('a passphrase opens however it was composed', async () => {
    const folder = temporaryFolder()
    const made = await initVault({ folder, key: 'passphrase', passphrase: 'Zu\u0308rich am See', kind: 'demo', nowMs: clock() })
    made.close()
    const vault = await open(folder, 'Z\u00fcrich am See')
    vault.close()
  })
})

describe('a damaged header', () => {
  it('is told for any byte that is not as it was written', async () => {
    const folder = copy()
    for (let at = 0; at < original.header.length; at += 7) {
      writeFileSync(join(folder, 'vault.json'), flipped(original.header, at))
      expect([at, await refusedUnchanged(folder)]).toEqual([at, 'vault.damaged'])
    }
  })

  it.each([
    ['nothing', ''],
    ['no JSON', 'vault'],
    ['another type', 'null'],
    ['too large', ' '.repeat(20_000)],
    ['truncated', () => original.header.subarray(0, 300)],
  ])('is told for %s', async (_, header) => {
    expect(await refusedUnchanged(copy({ header: typeof header === 'string' ? header : header() }))).toBe('vault.damaged')
  })

  it('is told for a doctored one whose digest was made to fit', async () => {
    const header = headerOf()
    expect(await refusedUnchanged(copy({ header: redigested({ ...header, kind: 'real' }) }))).toBe('vault.damaged')
    expect(await refusedUnchanged(copy({ header: redigested({ ...header, createdAt: '2031-01-01T00:00:00.000Z' }) }))).toBe('vault.damaged')
  })

  it('is told for key derivation that would exhaust the machine', async () => {
    const header = headerOf()
    if (header.key.provider !== 'passphrase') throw new Error('the header is of a passphrase')
    for (const cost of [{ memoryKiB: 4_000_000_000 }, { passes: 1_000_000 }, { parallelism: 200 }, { memoryKiB: 8 }]) {
      const doctored = { ...header, key: { ...header.key, kdf: { ...header.key.kdf, ...cost } } }
      expect(await refusedUnchanged(copy({ header: redigested(doctored) }))).toBe('vault.damaged')
    }
  })

  it('a later format is too new', async () => {
    const header = canonicalJson({ ...headerOf(), format: 2, later: true })
    expect(await refusedUnchanged(copy({ header }))).toBe('vault.tooNew')
  })
})

describe('a damaged database', () => {
  it.each<[string, () => Buffer]>([
    ['is empty', () => Buffer.alloc(0)],
    ['is something else', () => Buffer.alloc(pageBytes * 4, 'x')],
    ['has a damaged salt', () => flipped(original.database, 3)],
    ['has a damaged first page', () => flipped(original.database, 100)],
    ['has a damaged last page', () => flipped(original.database, original.database.length - 5000)],
    ['ends a page early', () => original.database.subarray(0, original.database.length - pageBytes)],
    ['ends in the middle of a page', () => original.database.subarray(0, original.database.length - 100)],
    [
      'has two pages swapped',
      () => {
        const [first, second] = [pageBytes * 20, pageBytes * 21]
        const page = (at: number) => original.database.subarray(at, at + pageBytes)
        return Buffer.concat([
          original.database.subarray(0, first),
          page(second),
          page(first),
          original.database.subarray(second + pageBytes),
        ])
      },
    ],
  ])('is told when it %s', async (_, damage) => {
    expect(await refusedUnchanged(copy({ database: damage() }))).toBe('vault.damaged')
  })

  it('is told when header or database is gone', async () => {
    expect(await refusedUnchanged(copy({ database: null }))).toBe('vault.damaged')
    expect(await refusedUnchanged(copy({ header: null }))).toBe('vault.damaged')
  })

  it('is told when it is the database of another vault', async () => {
    const other = temporaryFolder()
    const vault = await newVault(other)
    vault.close()
    expect(await refusedUnchanged(copy({ database: readFileSync(join(other, 'vault.db')) }))).toBe('vault.damaged')
  })

  it('is told without running the recovery of what a killed process left', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    for (let no = 0; no < 20; no++) vault.enrolments.commit({ id: `R-${no}`, references: [referenceOf(`s${no}`)], audit: enrolEntry })
    vault.erasures.erase({ id: 'R-19', audit: eraseEntry })
    vault.enrolments.commit({ id: 'R-20', references: [referenceOf('s20')], audit: enrolEntry })
    const left = temporaryFolder()
    for (const name of ['vault.db', 'vault.db-wal', 'vault.json']) writeFileSync(join(left, name), readFileSync(join(folder, name)))
    const database = readFileSync(join(left, 'vault.db'))
    // A page of the first subjects, which the log does not hold.
    writeFileSync(join(left, 'vault.db'), flipped(database, pageBytes * 20 + 100))
    expect(await refusedUnchanged(left)).toBe('vault.damaged')
    expect(await refusedUnchanged(left, 'correct horse batterz')).toBe('vault.wrongKey')
    writeFileSync(join(left, 'vault.db'), database)
    const recovered = await reopened(left)
    expect(recovered.galleries.counts()).toMatchObject({ subjects: 20 })
    expect(recovered.subjects.get('R-20')).toBeDefined()
  })

  it('a later schema is too new, and kinds must agree', async () => {
    const newer = copy()
    const raw = await rawDatabase(newer)
    raw.pragma('user_version = 99')
    raw.close()
    expect(await refusedUnchanged(newer)).toBe('vault.tooNew')
    const other = copy()
    const tampered = await rawDatabase(other)
    tampered.exec(`UPDATE vault SET kind = 'real'`)
    tampered.close()
    expect(await refusedUnchanged(other)).toBe('vault.damaged')
  })
})

describe('a vault that another holds', () => {
  it('is told, in this process and in another, and is free when the other died', async () => {
    const folder = copy()
    const holder = await reopened(folder)
    expect(await refusalOf(folder)).toMatchObject({ code: 'vault.inUse', detail: holderText(process.pid) })
    holder.close()

    const other = await heldByAnother(folder)
    expect(await refusedUnchanged(folder)).toBe('vault.inUse')
    expect(await refusalOf(folder)).toMatchObject({ code: 'vault.inUse', detail: holderText(other.process.pid ?? 0) })
    await other.kill()
    expect(holderOf(join(folder, 'vault.db'))).toBeUndefined()
    const vault = await reopened(folder)
    expect(vault.galleries.counts()).toMatchObject({ subjects: 21 })
    vault.close()
    expect(Object.keys(fingerprint(folder))).toEqual(['vault.db', 'vault.json'])
  })
})

describe('a folder that cannot be written', () => {
  it('is told', async () => {
    const folder = copy()
    for (const name of ['vault.db', 'vault.json']) chmodSync(join(folder, name), 0o644)
    chmodSync(folder, 0o555)
    const before = fingerprint(folder)
    expect(await deniedOpening(folder)).toBe('vault.unwritable')
    expect(fingerprint(folder)).toEqual(before)
    chmodSync(folder, 0o700)
  })

  it('is told when a file stands in its place', async () => {
    const file = join(temporaryFolder(), 'data')
    writeFileSync(file, 'x')
    expect(await codeOf(() => open(file))).toBe('vault.missing')
    expect(await codeOf(() => initVault({ folder: file, key: 'passphrase', passphrase, kind: 'demo', nowMs: clock() }))).toBe(
      'vault.unwritable',
    )
  })
})
