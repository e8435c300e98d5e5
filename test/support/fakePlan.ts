/** What a test wants of the stand-in for the station: who is there, what it answers, and what it refuses. */
import type { ErrorCode } from '../../src/contract/errors.ts'

export interface FakeRestriction {
  readonly since: string
  readonly by: string | null
  readonly reason: string
  readonly lifted: null
}

export interface FakePlan {
  readonly vault: 'missing' | 'locked' | 'open'
  readonly kind: 'real' | 'demo'
  readonly keychain: boolean
  /** The decision of the next verification and its rate. */
  readonly decision: 'match' | 'nonMatch' | 'inconclusive'
  readonly fmr: number
  /** What enrol finds before it is told to allow duplicates. */
  readonly duplicates: readonly { id: string; comparisonScore: number; fmr: number }[]
  readonly candidates: readonly { id: string; comparisonScore: number; fmr: number }[]
  readonly gallerySize: number
  readonly subjects: Readonly<Record<string, { name: string | null; picture: string | null }>>
  /** JPEG pictures as base64: what capture.take answers. */
  readonly samples: readonly string[]
  /** 468 x, y pairs from 0 to 1 within the face. */
  readonly points: readonly number[]
  /** Where the live face is, as fractions of the frame; null for nobody. */
  readonly face: { x: number; y: number; width: number; height: number } | null
  /** What capture.fromPicture refuses with. */
  readonly pictureRefusal: ErrorCode | null
  /** Who is signed in; left out where there are no accounts. */
  readonly role?: 'operator' | 'supervisor' | 'auditor' | 'administrator' | undefined
  /** What desk.settings answers, where it is not as the system has it. */
  readonly look?: Record<string, unknown>
  /** Restrictions in force, by the number of the subject. */
  readonly restricted?: Readonly<Record<string, FakeRestriction>>
  /** The text that subjects are asked for consent with. */
  readonly consent?: { version: number; createdAt: string; texts: Record<string, string> }
  /** What subject.enrol refuses the quality of, until there is an exemption. */
  readonly qualityRefused?: Record<string, unknown>
  /** Subjects beyond those above, numbered: for long lists. */
  readonly manySubjects?: number
  /** Pages of a search that hold nobody before the one that does. */
  readonly emptyPages?: number
  readonly backups?: readonly Record<string, unknown>[]
  readonly accounts?: readonly Record<string, unknown>[]
  readonly jobs?: readonly Record<string, unknown>[]
  readonly reports?: readonly Record<string, unknown>[]
  /** Names for the ids of those records. */
  readonly named?: readonly unknown[]
  readonly records?: readonly Record<string, unknown>[]
  /** What audit.verify answers. */
  readonly auditReport?: Record<string, unknown>
  /** What procedures answer that the stand-in does not know by itself. */
  readonly answers?: Readonly<Record<string, unknown>>
  /** Procedures that are refused, with their code. */
  readonly refused?: Readonly<Record<string, ErrorCode>>
  /** The own form of the site. */
  readonly form?: { version: number; policy: { format: string; fields: readonly Record<string, unknown>[] } }
  /** Who gives numbers; the site where it is left out, so that tests type theirs. */
  readonly numbers?: 'station' | 'site'
  readonly exceptions?: { confirmedBy: string; proof: string }
  /** Unfinished enrolments that are there already, as draft.open answers them. */
  readonly drafts?: readonly Record<string, unknown>[]
  /** What waits for a supervisor, as inbox.open answers it. */
  readonly inbox?: readonly Record<string, unknown>[]
  /** What subject.get adds of the intake. */
  readonly intake?: Record<string, unknown>
  /** The secret of every supervisor at this stand-in. */
  readonly supervisorSecret?: string
}
