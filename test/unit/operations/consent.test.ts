/** Texts for consent and their versions, and what a subject is given of what is stored. */
import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../src/contract/records.ts'
import type { Consent, ConsentText } from '../../../src/contract/rows/consent.ts'
import { SubjectExport } from '../../../src/contract/rows/subject.ts'
import type { SubjectId } from '../../../src/contract/types.ts'
import { changeConsent, consentInForce, consentOf, consentText } from '../../../src/operations/consent.ts'
import { exportSubject } from '../../../src/operations/exportSubject.ts'
import type { VaultPort } from '../../../src/operations/ports.ts'
import { codeOf } from '../../support/codeOf.ts'

const atMs = Date.UTC(2031, 4, 6)
const actor = { role: 'administrator', door: 'ipc' } as const

function vaultWith(texts: readonly ConsentText[] = []) {
  let kept = texts
  const entries: AuditEntry[] = []
  const vault = {
    settings: {
      get: () => kept,
      change: ({ value, audit }: { value: readonly ConsentText[]; audit: AuditEntry }) => {
        kept = value
        entries.push(audit)
      },
    },
  } as unknown as VaultPort
  return { vault, entries, kept: () => kept }
}

describe('texts for consent', () => {
  it('count their versions up, keep those before, and an empty one asks nobody', async () => {
    const { vault, entries, kept } = vaultWith()
    expect(consentInForce(vault)).toBeNull()
    expect(changeConsent(vault, { texts: { en: 'May we?', ar: 'هل' } }, actor, atMs).text).toMatchObject({ version: 1 })
    expect(changeConsent(vault, { texts: { en: 'May we now?' } }, actor, atMs).text).toMatchObject({ version: 2 })
    expect(consentText(vault, { version: 1 }).text?.texts.en).toBe('May we?')
    expect(await codeOf(() => consentText(vault, { version: 9 }))).toBe('consent.unknown')
    expect(changeConsent(vault, { texts: {} }, actor, atMs).text).toBeNull()
    expect(kept().map(({ version }) => version)).toEqual([1, 2, 3])
    expect(entries.map(({ details }) => details)).toEqual([
      { version: 1, languages: 'ar en' },
      { version: 2, languages: 'en' },
      { version: 3, languages: '' },
    ])
  })

  it('are agreed to in the version in force and in a language that it has, or nothing is enrolled', async () => {
    const { vault } = vaultWith([
      { version: 1, createdAt: '', texts: { en: 'old', de: 'alt' } },
      { version: 2, createdAt: '', texts: { en: 'new' } },
    ])
    expect(consentOf(vault, { consentVersion: 2, consentLanguage: 'en' }, atMs)).toEqual({
      version: 2,
      language: 'en',
      at: '2031-05-06T00:00:00.000Z',
    })
    for (const given of [
      {},
      { consentVersion: 2 },
      { consentVersion: 1, consentLanguage: 'en' },
      { consentVersion: 2, consentLanguage: 'de' },
    ] as const)
      expect(await codeOf(() => consentOf(vault, given, atMs))).toBe('consent.required')
    expect(consentOf(vaultWith().vault, {}, atMs)).toBeUndefined()
  })
})

it('an export has the pictures, the texts that were agreed to, and no template', async () => {
  const consents: Consent[] = [{ version: 2, language: 'en', at: '2031-05-06T00:00:00.000Z' }]
  const picture = Uint8Array.from({ length: 20_000 }, (_, index) => index % 256)
  const reference = {
    version: 1,
    active: true,
    model: 'm@1',
    captureSource: 'camera',
    pad: 'notAssessed',
    quality: null,
    createdAt: '2031',
  }
  const vault = {
    subjects: {
      get: (id: string) => (id === 'R-1' ? { id, name: 'Ada', createdAt: '2031', references: 1 } : undefined),
      restrictionsOf: () => [],
      consentsOf: () => consents,
      labelOf: () => ({ category: 3, watchLists: [1], purposes: [] }),
      intakeOf: (id: string) =>
        id === 'R-1' ? { form: { version: 1, values: { remark: 'x' } }, exception: null, decision: null } : undefined,
    },
    references: {
      history: () => [
        { ...reference, referenceNo: 4, exemption: { reason: 'child', note: null } },
        { ...reference, referenceNo: 5 },
      ],
      samplesOf: () => new Map([[4, picture]]),
    },
    settings: { get: () => [{ version: 2, createdAt: '', texts: { en: 'May we?' } }] },
  } as unknown as VaultPort
  const exported = SubjectExport.parse(exportSubject(vault, { id: 'R-1' as SubjectId }, atMs))
  expect(exported.consents).toEqual([{ ...consents[0], text: 'May we?' }])
  expect(exported).toMatchObject({ category: 3, watchLists: [1], form: { values: { remark: 'x' } } })
  expect(Buffer.from(exported.references[0]?.picture ?? '', 'base64').equals(picture)).toBe(true)
  expect(exported.references.map(({ exemption }) => exemption?.reason)).toEqual(['child', undefined])
  expect(JSON.stringify(exported)).not.toContain('template')
  expect(await codeOf(() => exportSubject(vault, { id: 'R-2' as SubjectId }, atMs))).toBe('subject.unknown')
})
