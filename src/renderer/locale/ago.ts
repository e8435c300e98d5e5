/** How long ago something was, in one unit. */
import { count, text } from './text.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** @param iso ISO 8601 @param nowMs the clock of the window; a moment ahead of it counts as now */
export function ago(iso: string, nowMs = Date.now()): string {
  const sinceMs = nowMs - new Date(iso).getTime()
  if (sinceMs < minuteMs) return text.ago.now
  if (sinceMs < hourMs) return count(text.ago.minutes, Math.floor(sinceMs / minuteMs))
  if (sinceMs < dayMs) return count(text.ago.hours, Math.floor(sinceMs / hourMs))
  return count(text.ago.days, Math.floor(sinceMs / dayMs))
}
