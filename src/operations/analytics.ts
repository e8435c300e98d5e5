/** What was done by day, counted from the audit chain page by page, so that others have their turn. */
import { auditLimits } from '../contract/rows/audit.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { countRecord, emptyAnalytics, startOf } from '../core/analytics.ts'
import { namesOf } from './names.ts'
import type { VaultPort } from './ports.ts'

/** A station that is busier than this in the time that is asked for is told that the count is not complete. */
const pagesMax = 2000

export async function analytics(
  vault: Pick<VaultPort, 'audit' | 'operators' | 'clients'>,
  { days }: ParsedInputOf<'analytics.days'>,
  nowMs: number,
): Promise<OutputOf<'analytics.days'>> {
  const counted = emptyAnalytics(days, nowMs)
  const from = startOf(days, nowMs)
  let before: number | undefined
  for (let page = 0; page < pagesMax; page++) {
    const { records, next } = await vault.audit.page({ from, limit: auditLimits.recordsPerPageMax, before })
    for (const record of records) countRecord(counted, record)
    if (next === null) return withNames(vault, counted)
    before = next
  }
  return withNames(vault, { ...counted, complete: false })
}

function withNames(vault: Pick<VaultPort, 'operators' | 'clients'>, counted: OutputOf<'analytics.days'>): OutputOf<'analytics.days'> {
  const ids = Object.keys(counted.operators).filter((id) => id !== '')
  return {
    ...counted,
    named: namesOf(
      vault,
      ids.map((id) => ({ id, kind: 'account' }) as const),
    ),
  }
}
