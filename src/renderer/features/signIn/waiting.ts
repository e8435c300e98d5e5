/** How long a name has to wait after wrong tries, as the sign-in screen shows it. */
import { VultusError } from '../../../contract/errors.ts'

/** The wait that a refusal names, milliseconds; 0 where it names none. */
export function waitMsOf(error: unknown): number {
  if (!(error instanceof VultusError)) return 0
  const waitMs = error.data?.waitMs
  return typeof waitMs === 'number' && Number.isFinite(waitMs) ? Math.max(0, waitMs) : 0
}

/** Minutes and seconds that are left, rounded up: 0:01 to 15:00. */
export function remaining(waitMs: number): string {
  const seconds = Math.ceil(waitMs / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
