/** What the error table tells of one refusal. */
export interface ErrorRow {
  /** HTTP status of the REST door. */
  readonly status: number
  /** Exit code of the command line. */
  readonly exit: number
  /** What happened, for a person. */
  readonly message: string
  /** What that person can do about it. */
  readonly remedy: string
}

/** Rows by code. A file names the first words of its codes, each in one file only, so that no row can hide another of the same code. */
export type ErrorRows<Subject extends string> = Readonly<Record<`${Subject}.${string}`, ErrorRow>>
