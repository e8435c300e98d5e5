/** What an import records of the people of its list beside pictures: how they consented, and what their columns say of the form. */
import { VultusError } from '../contract/errors.ts'
import type { SubjectForm } from '../contract/form.ts'
import type { ImportConsent, ImportSettings } from '../contract/importRecords.ts'
import type { Consent } from '../contract/rows/consent.ts'
import type { ParsedInputOf } from '../contract/table.ts'
import { consentInForce } from './consent.ts'
import { checkedForm } from './forms.ts'
import type { SourceRow } from './importPorts.ts'
import type { VaultPort } from './ports.ts'

/**
 * How the people of a list consented, as whoever imports it says; undefined where the site asks nobody.
 * @throws consent.required where it is not said, or not in a language of the text; consent.unknown
 */
export function importConsent(vault: Pick<VaultPort, 'settings'>, input: ParsedInputOf<'import.start'>): ImportConsent | undefined {
  const inForce = consentInForce(vault)
  if (inForce === null) return undefined
  const { consentGiven: given, consentVersion: version = inForce.version, consentLanguage: language } = input
  if (given === undefined) throw new VultusError('consent.required', 'say how the people in the list gave their consent')
  if (given === 'otherGround') return { given }
  const text = vault.settings.get('enrol.consentTexts').find((one) => one.version === version)
  if (text === undefined) throw new VultusError('consent.unknown')
  if (language === undefined || text.texts[language] === undefined) {
    throw new VultusError('consent.required', 'say in which language they read the text', { data: { version } })
  }
  return { given, version, language }
}

/** What is kept of a row beside number and pictures. */
export interface RowIntake {
  readonly name: string | undefined
  readonly form: SubjectForm | undefined
  readonly consent: Consent | undefined
}

/**
 * Checks what a row says against the form that holds now, and takes the consent from it.
 * @throws form.refused with the fields, consent.required where the column of the day is empty or has no day
 */
export function rowIntake(
  vault: VaultPort,
  settings: Pick<ImportSettings, 'consent' | 'columns'>,
  row: Pick<SourceRow, 'number' | 'name' | 'form' | 'consentDay'>,
  nowMs: number,
): RowIntake {
  const { name, form } = checkedForm(vault, {
    id: row.number,
    name: row.name,
    ...(row.form === undefined || Object.keys(row.form).length === 0 ? {} : { form: { ...row.form } }),
  })
  return { name, form, consent: rowConsent(vault, settings, row, nowMs) }
}

function rowConsent(
  vault: VaultPort,
  { consent }: Pick<ImportSettings, 'consent'>,
  { consentDay }: Pick<SourceRow, 'consentDay'>,
  nowMs: number,
): Consent | undefined {
  if (consent === undefined || consent.given === 'otherGround') return undefined
  const { given, version, language } = consent
  if (version === undefined || language === undefined) return undefined
  if (consentDay === undefined) return { version, language, at: new Date(nowMs).toISOString(), given }
  if (consentDay === '') throw new VultusError('consent.required', 'consent: there is no day')
  if (!isDay(consentDay)) throw new VultusError('consent.required', 'consent: a day as YYYY-MM-DD')
  if (consentDay > vault.forms.today()) throw new VultusError('consent.required', 'consent: a day that has been')
  // Noon, so that it is this day in every time zone that anybody reads it in but the farthest.
  return { version, language, at: `${consentDay}T12:00:00.000Z`, given }
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** What the audit keeps of it: how they consented and to which text, not what they filled in. */
export function intakeDetails({ consent }: Pick<ImportSettings, 'consent'>, intake: RowIntake): Record<string, string | number> {
  return {
    ...(consent === undefined ? {} : { consent: consent.given }),
    ...(intake.consent === undefined ? {} : { consentVersion: intake.consent.version }),
    ...(intake.form === undefined ? {} : { formVersion: intake.form.version }),
  }
}
