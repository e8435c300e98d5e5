/** The texts that a site asks for consent with. Every version is kept as it was, so that what was agreed to can be shown. */
import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import { type Consent, type ConsentText, consentVersionsMax } from '../contract/rows/consent.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { VaultPort } from './ports.ts'

/** The text in force; null where nobody is asked. */
export function consentInForce(vault: Pick<VaultPort, 'settings'>): ConsentText | null {
  const newest = vault.settings.get('enrol.consentTexts').at(-1)
  return newest === undefined || Object.keys(newest.texts).length === 0 ? null : newest
}

/** The text in force, or an earlier version. @throws consent.unknown */
export function consentText(vault: VaultPort, { version }: ParsedInputOf<'consent.text'>): OutputOf<'consent.text'> {
  if (version === undefined) return { text: consentInForce(vault) }
  const text = vault.settings.get('enrol.consentTexts').find((one) => one.version === version)
  if (text === undefined) throw new VultusError('consent.unknown')
  return { text }
}

/** Puts a new version in force; those before stay. @throws request.tooLarge after very many versions */
export function changeConsent(
  vault: VaultPort,
  { texts }: ParsedInputOf<'consent.change'>,
  actor: Actor,
  nowMs: number,
): OutputOf<'consent.change'> {
  const before = vault.settings.get('enrol.consentTexts')
  if (before.length >= consentVersionsMax) throw new VultusError('request.tooLarge', `${consentVersionsMax} versions`)
  const version = (before.at(-1)?.version ?? 0) + 1
  const value = [...before, { version, createdAt: new Date(nowMs).toISOString(), texts }]
  const details = { version, languages: Object.keys(texts).sort().join(' ') }
  vault.settings.change({ name: 'enrol.consentTexts', value, audit: { event: 'consent.change', actor, outcome: 'done', details } })
  return { text: consentInForce(vault) }
}

/**
 * The consent to record with an enrolment; undefined where nobody is asked.
 * @throws consent.required where there is none to the text in force, in a language that it has
 */
export function consentOf(
  vault: Pick<VaultPort, 'settings'>,
  { consentVersion, consentLanguage }: Pick<ParsedInputOf<'subject.enrol'>, 'consentVersion' | 'consentLanguage'>,
  nowMs: number,
): Consent | undefined {
  const text = consentInForce(vault)
  if (text === null) return undefined
  if (consentVersion !== text.version || consentLanguage === undefined || text.texts[consentLanguage] === undefined)
    throw new VultusError('consent.required', undefined, { data: { version: text.version } })
  return { version: text.version, language: consentLanguage, at: new Date(nowMs).toISOString() }
}
