/** Exports, checked by a verifier that knows only the documented format. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { initVault } from '../../src/vault/open.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { verifyExport } from '../support/auditVerifier.ts'
import { clock, enrolEntry, eraseEntry, passphrase, readEntry, referenceOf, temporaryFolder } from './fixtures.ts'

const seed = Number(process.env.VULTUS_SEED ?? 20_310_507)

function exported(vault: Vault, limit: number): string {
  const lines: string[] = []
  let page = vault.audit.exportPage({ after: 0, limit })
  lines.push(...page.lines)
  while (page.next !== null) {
    page = vault.audit.exportPage({ ...page.next, limit })
    lines.push(...page.lines)
    // An export goes on while records are added.
    vault.audit.append(readEntry)
  }
  return `${lines.join('\n')}\n`
}

describe('an export', () => {
  let text = ''
  let longer = ''
  let fingerprint = ''
  let folder = ''
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vultus-vault-'))
    const vault = await initVault({ folder, key: 'passphrase', passphrase, kind: 'demo', nowMs: clock() })
    vault.enrolments.commit({ id: 'R-1', name: 'Ada', references: [referenceOf('a')], audit: enrolEntry })
    for (let no = 0; no < 230; no++) vault.audit.append({ ...readEntry, details: { no, text: 'quoted "text" \u2028 ä' } })
    vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    text = exported(vault, 50)
    longer = exported(vault, 1000)
    fingerprint = vault.audit.stationKey.fingerprint
    vault.close()
  })

  const changed = (change: (lines: string[]) => string[]) => `${change(text.trimEnd().split('\n')).join('\n')}\n`
  const lineCount = () => text.trimEnd().split('\n').length

  it('is accepted, whatever its pages were, and has neither names nor ids', () => {
    expect(verifyExport(text, fingerprint)).toEqual({ ok: true })
    expect(verifyExport(longer, fingerprint)).toEqual({ ok: true })
    expect(text.split('\n').filter((line) => line.startsWith('{"type":"checkpoint"')).length).toBe(4)
    expect(text).not.toMatch(/Ada|R-1/)
    expect(verifyExport(text, '0'.repeat(64))).toMatchObject({ ok: false, problem: 'another public key' })
  })

  it('is refused after a change of any one character', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 94 }), (where, by) => {
        const at = where % text.length
        const code = text.charCodeAt(at)
        const other = String.fromCharCode(code < 32 || code > 126 ? 120 : 32 + ((code - 32 + by) % 95))
        fc.pre(other !== text[at])
        expect(verifyExport(text.slice(0, at) + other + text.slice(at + 1), fingerprint).ok).toBe(false)
      }),
      { numRuns: 300, seed },
    )
  })

  it('is refused when lines are removed, doubled, moved or cut off', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.constantFrom('remove', 'double', 'swap', 'cut', 'cutBytes'), (first, second, how) => {
        const a = first % lineCount()
        const b = second % lineCount()
        fc.pre(how !== 'swap' || a !== b)
        const other =
          how === 'cutBytes'
            ? text.slice(0, first % text.length)
            : changed((lines) => {
                if (how === 'remove') return lines.filter((_, at) => at !== a)
                if (how === 'double') return lines.flatMap((line, at) => (at === a ? [line, line] : [line]))
                if (how === 'cut') return lines.slice(0, a)
                return lines.map((line, at) => (at === a ? lines[b]! : at === b ? lines[a]! : line))
              })
        expect(verifyExport(other, fingerprint).ok).toBe(false)
      }),
      { numRuns: 300, seed },
    )
  })

  it('cannot be continued, shortened or joined with lines of another export', () => {
    const long = longer.trimEnd().split('\n')
    const short = text.trimEnd().split('\n')
    expect(long.length).toBeGreaterThan(short.length)
    expect(verifyExport(`${[short[0], ...long.slice(1)].join('\n')}\n`, fingerprint).ok).toBe(false)
    expect(verifyExport(`${[long[0], ...short.slice(1)].join('\n')}\n`, fingerprint).ok).toBe(false)
  })
})

describe('an export of an empty vault', () => {
  it('is accepted', async () => {
    const vault = await initVault({ folder: temporaryFolder(), key: 'passphrase', passphrase, kind: 'demo', nowMs: clock() })
    expect(verifyExport(exported(vault, 10), vault.audit.stationKey.fingerprint)).toEqual({ ok: true })
    vault.close()
  })
})
