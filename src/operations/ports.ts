/** What operations work with. They are passed in, so that a failure replays and a test can stand in for any of them. */

import type { ClientPermission } from '../contract/clients.ts'
import type { Outcome } from '../contract/errors.ts'
import type { EmbeddingModel, FaceFunctions, MatcherFunctions } from '../contract/processes.ts'
import type { Actor, CommittedChange } from '../contract/records.ts'
import type { ApiClient } from '../contract/rows/client.ts'
import type { AccountRole, OperatorAccount, OperatorPolicy, SecretKind } from '../contract/rows/operator.ts'
import type { VaultKind } from '../contract/types.ts'
import type { DuplicatesPort } from './duplicatePorts.ts'
import type { ImportsPort } from './importPorts.ts'
import type { DraftsPort, EnrolmentsPort, FormsPort } from './intakePorts.ts'
import type { JobsPort, RecoveryPort, RotationPort, SealingPort } from './keyPorts.ts'
import type { ModelReferencesPort } from './modelPorts.ts'
import type {
  AuditPort,
  ErasuresPort,
  GalleriesPort,
  ReferencesPort,
  RightsPort,
  SettingsPort,
  StoredTemplatesPort,
  SubjectsPort,
  UpkeepPort,
  VersionsPort,
} from './vaultPorts.ts'

/** Accounts of operators, and signing in. What changes an account is one transaction with its audit entry. */
export interface OperatorsPort {
  /** Whether there is any account: from then on somebody has to sign in. */
  readonly any: boolean
  /** An account by its audit id. */
  byId(operator: string): OperatorAccount | undefined
  list(): OperatorAccount[]
  add(change: { name: string; role: AccountRole; secretKind: SecretKind; secret: string }, actor: Actor): Promise<OperatorAccount>
  change(
    change: {
      name: string
      newName?: string | undefined
      role?: AccountRole | undefined
      secretKind?: SecretKind | undefined
      secret?: string | undefined
      enable: boolean
    },
    actor: Actor,
  ): Promise<OperatorAccount>
  disable(name: string, actor: Actor): OperatorAccount
  /** The account that name and secret belong to; counts the try before it is checked. */
  signIn(name: string, secret: string, door: Actor['door']): Promise<OperatorAccount>
  policy(): OperatorPolicy
  setPolicy(policy: OperatorPolicy, actor: Actor): OperatorPolicy
}

/** Programs of integrators. What changes one is one transaction with its audit entry. */
export interface ClientsPort {
  list(): ApiClient[]
  /** @throws client.exists */
  add(change: { name: string; permissions: readonly ClientPermission[] }, actor: Actor): ApiClient & { key: string }
  /** @throws client.unknown */
  revoke(name: string, actor: Actor): ApiClient
  /** A program by its audit id. */
  byId(client: string): ApiClient | undefined
  /** The program that a key belongs to, while it is not taken back. */
  byKey(key: string): ApiClient | undefined
  /** Notes that a program asked for something, at most once a minute. */
  noteUse(client: Pick<ApiClient, 'client' | 'lastUsedAt'>): void
}

/** The open vault, the only truth. Every method of its parts is one transaction; what it returned is durable. */
export interface VaultPort {
  readonly kind: VaultKind
  readonly enrolments: EnrolmentsPort
  readonly storedTemplates: StoredTemplatesPort
  readonly subjects: SubjectsPort
  readonly references: ReferencesPort
  readonly versions: VersionsPort
  readonly rights: RightsPort
  readonly erasures: ErasuresPort
  readonly galleries: GalleriesPort
  readonly audit: AuditPort
  readonly upkeep: UpkeepPort
  readonly settings: SettingsPort
  readonly forms: FormsPort
  readonly drafts: DraftsPort
  readonly jobs: JobsPort
  readonly rotation: RotationPort
  readonly duplicates: DuplicatesPort
  readonly imports: ImportsPort
  readonly recovery: RecoveryPort
  readonly sealing: SealingPort
  readonly models: ModelReferencesPort
  readonly operators: OperatorsPort
  readonly clients: ClientsPort
  close(): void
}

/** The face process, with its outcomes unwrapped: what it refuses is thrown as a VultusError. */
export type FacePort = Unwrapped<Omit<FaceFunctions, 'load' | 'listPacks'>> & { readonly model: EmbeddingModel | undefined }
/** The matcher process, with its outcomes unwrapped; committed changes reach it by the station. */
export type MatcherPort = Unwrapped<Pick<MatcherFunctions, 'search' | 'searchBatch' | 'status'>>

/** Functions of a process as its callers see them: values instead of outcomes. */
export type Unwrapped<Functions> = {
  readonly [Name in keyof Functions]: Functions[Name] extends (options: infer Options) => Promise<Outcome<infer Value>>
    ? (options: Options) => Promise<Value>
    : never
}

/** Everything an operation may touch. */
export interface Ports {
  readonly vault: VaultPort
  readonly face: FacePort
  readonly matcher: MatcherPort
  /** Hands a committed change to the matcher; resolves when a search would see it. */
  readonly publish: (change: CommittedChange, added: readonly { referenceNo: number; template: Float32Array }[]) => Promise<void>
  /** Runs one enrolment at a time, from search to commit, so that two cannot miss each other as duplicates. */
  readonly serialised: <T>(run: () => Promise<T>) => Promise<T>
  readonly nowMs: () => number
}
