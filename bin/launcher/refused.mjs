/** What the launcher itself can refuse. The rows stand in src/contract/errors/ too; a unit test holds them equal. */
export const setUpErrors = /** @type {const} */ ({
  'setup.offline': {
    exit: 5,
    message: 'Set-up needs the network once, and it cannot be reached.',
    remedy: 'Connect the machine (or set the registry or proxy of npm), then run the same command again.',
  },
  'setup.failed': {
    exit: 5,
    message: 'A step of the set-up failed.',
    remedy: 'Read the lines above; run the same command again when the cause is gone.',
  },
  'setup.nodeMissing': {
    exit: 5,
    message: 'No Node.js that can run the station was found.',
    remedy: 'Install Node.js 22.14 or newer (24 is best) and run the same command again.',
  },
  'request.invalid': {
    exit: 2,
    message: 'The request is not well formed.',
    remedy: 'Correct the field that the message names.',
  },
})

/** An expected failure of the launcher, with a row in the table above. */
export class Refused extends Error {
  /**
   * @param {keyof typeof setUpErrors} code
   * @param {string} [detail] which step, file or argument
   */
  constructor(code, detail) {
    super(setUpErrors[code].message)
    this.code = code
    this.detail = detail
  }

  /** @returns {number} exit code of the command */
  get exit() {
    return setUpErrors[this.code].exit
  }

  /** @returns {{ code: string, message: string, remedy: string, detail?: string }} what `--json` prints under `error` */
  toJSON() {
    const { message, remedy } = setUpErrors[this.code]
    return this.detail === undefined ? { code: this.code, message, remedy } : { code: this.code, message, remedy, detail: this.detail }
  }
}
