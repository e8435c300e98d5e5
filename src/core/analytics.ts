/** Counts what records of the audit chain tell, day by day. */
import type { Analytics, DayCounts } from '../contract/rows/analytics.ts'
import { csvLine } from './csv.ts'

/** What is read of a record. */
export interface CountedRecord {
  /** ISO 8601, UTC. */
  readonly at: string
  /** What the machine showed, where its clock was behind the record before. */
  readonly machineAt?: string | undefined
  readonly event: string
  readonly outcome: 'done' | 'refused' | 'failed'
  readonly code?: string | undefined
  readonly actor: Readonly<Record<string, unknown>>
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

const dayMs = 86_400_000
const judged: readonly string[] = ['subject.enrol', 'subject.verify', 'gallery.identify']

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** The first moment of so many days that end with today, UTC. */
export const startOf = (days: number, nowMs: number): string => new Date(Date.parse(dayOf(nowMs)) - (days - 1) * dayMs).toISOString()

/** Starts counting: every day with nothing. */
export function emptyAnalytics(days: number, nowMs: number): Analytics {
  const first = Date.parse(startOf(days, nowMs))
  const none = { enrolled: 0, enrolRefused: 0, match: 0, nonMatch: 0, inconclusive: 0, identified: 0, erased: 0 }
  return {
    days: Array.from({ length: days }, (_, index) => ({ day: dayOf(first + index * dayMs), ...none })),
    reasons: {},
    operators: {},
    named: [],
    complete: true,
  }
}

/** Once a clock was far ahead, records keep its time and say beside it what the machine showed when it was right again. */
function dayOfRecord({ at, machineAt }: CountedRecord, { days }: Analytics): string {
  const day = at.slice(0, 10)
  const toCome = day > (days.at(-1)?.day ?? day)
  return toCome && machineAt !== undefined ? machineAt.slice(0, 10) : day
}

/** Adds a record to what was counted. Records of other days and of other events change nothing. */
export function countRecord(counted: Analytics, record: CountedRecord): void {
  const day = counted.days.find((one) => one.day === dayOfRecord(record, counted))
  if (day === undefined) return
  const { event, outcome, code } = record
  if (outcome !== 'done' && judged.includes(event)) {
    const reason = code ?? outcome
    counted.reasons[reason] = (counted.reasons[reason] ?? 0) + 1
  }
  const field = fieldOf(record)
  if (field !== undefined) day[field] += 1
  if (field === 'enrolled') {
    const operator = typeof record.actor.operator === 'string' ? record.actor.operator : ''
    counted.operators[operator] = (counted.operators[operator] ?? 0) + 1
  }
}

function fieldOf({ event, outcome, details }: CountedRecord): Exclude<keyof DayCounts, 'day'> | undefined {
  if (event === 'subject.enrol') return outcome === 'done' ? 'enrolled' : 'enrolRefused'
  if (outcome !== 'done') return undefined
  if (event === 'gallery.identify') return 'identified'
  if (event === 'subject.erase') return 'erased'
  if (event !== 'subject.verify') return undefined
  const decision = details?.decision
  return decision === 'match' || decision === 'nonMatch' || decision === 'inconclusive' ? decision : undefined
}

/** Subjects more in a year, at the pace of these days. */
export function yearAhead(days: readonly Pick<DayCounts, 'enrolled' | 'erased'>[]): number {
  const net = days.reduce((sum, { enrolled, erased }) => sum + enrolled - erased, 0)
  return days.length === 0 ? 0 : Math.round((net / days.length) * 365)
}

/**
 * Every number as a table for other programs: RFC 4180.
 * @param nameOf the name for the id of an account or program
 */
export function analyticsCsv({ days, reasons, operators }: Analytics, nameOf: (operator: string) => string): string {
  const ofDays = days.flatMap(({ day, ...counts }) => Object.entries(counts).map(([what, n]) => [day, what, n]))
  const ofReasons = Object.entries(reasons).map(([code, n]) => ['', `reason ${code}`, n])
  const ofOperators = Object.entries(operators).map(([operator, n]) => ['', `enrolled by ${nameOf(operator)}`, n])
  return [['day', 'what', 'count'], ...ofDays, ...ofReasons, ...ofOperators].map(csvLine).join('')
}
