import type { ComponentName } from '../../../contract/quality.ts'

interface Told {
  readonly name: string
  readonly low: string
  readonly high: string
}

/** The name of each quality component, and what to do where its value is too low or too high. */
export type QualityWords = Readonly<Record<ComponentName, Told>>

/** A component with the same remedy on both sides. */
export const both = (name: string, remedy: string): Told => ({ name, low: remedy, high: remedy })
