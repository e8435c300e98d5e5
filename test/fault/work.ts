/** What the working child is asked for, and what it says. */
import type { Change } from './model.ts'

export type LongKind = 'rotate' | 'rotateDeep' | 'rekey' | 'seal' | 'backup' | 'refresh'
export type Kind = Change['kind'] | LongKind | 'open' | 'migration'
/** Every kind of work during which the child must have been killed. */
export const focuses = [
  'enrol',
  'batch',
  'import',
  'erase',
  'draft',
  'complete',
  'rotate',
  'rotateDeep',
  'rekey',
  'seal',
  'backup',
  'refresh',
  'migration',
] as const
export type Focus = (typeof focuses)[number]

export interface ChildTask {
  readonly folder: string
  /** Where backups go. */
  readonly backups: string
  readonly seed: number
  readonly focus: Focus
  /** Numbers from here on were never used. */
  readonly firstSeed: number
  /** Without waiting for the disk. */
  readonly careless?: boolean
}

export interface Said {
  /** Of the step: begun and done have the same. */
  readonly no: number
  readonly kind: Kind
  readonly state: 'begun' | 'done' | 'bug'
  readonly change?: Change | undefined
  readonly text?: string
  /** Number of the generation that a backup made. */
  readonly generation?: number
}
