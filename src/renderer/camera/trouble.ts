/** What keeps a camera from giving a picture, told apart by what the browser says. */

export type CameraTrouble = 'none' | 'denied' | 'busy' | 'unplugged' | 'failed'

const troubleOfName: Readonly<Record<string, CameraTrouble>> = {
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotReadableError: 'busy',
  AbortError: 'busy',
}

/**
 * The trouble that an error of getUserMedia means.
 * @param hadCamera there was a picture before: a camera that is gone now was unplugged
 */
export function troubleOf(error: unknown, hadCamera: boolean): CameraTrouble {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  const trouble = troubleOfName[name] ?? 'failed'
  return trouble === 'none' && hadCamera ? 'unplugged' : trouble
}

/** Whether it is worth trying again without being asked: a denial only changes when somebody changes it. */
export function recoversByItself(trouble: CameraTrouble): boolean {
  return trouble !== 'denied'
}
