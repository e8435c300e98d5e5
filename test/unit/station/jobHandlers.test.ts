import { expect, it } from 'vitest'
import type { JobId, JobKindName } from '../../../src/contract/jobs.ts'
import type { Actor } from '../../../src/contract/records.ts'
import { keyHandlers } from '../../../src/station/keyHandlers.ts'
import type { Parts } from '../../../src/station/parts.ts'
import { codeOf } from '../../support/codeOf.ts'

const id = '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f' as JobId
const handlersFor = (kind: JobKindName) => {
  const done = { id, kind }
  const jobs = { kindOf: () => kind, pause: async () => done, resume: () => done, cancel: async () => done }
  return keyHandlers({ jobs } as unknown as Parts)
}
const by = (role: Actor['role']): Actor => ({ role, door: 'ipc' })

it('a supervisor stops and continues jobs that a supervisor may start, and no others', async () => {
  for (const verb of ['job.pause', 'job.resume', 'job.cancel'] as const) {
    for (const kind of ['duplicates', 'import'] as const) {
      expect(await handlersFor(kind)[verb]({ id }, by('supervisor'))).toMatchObject({ job: { kind } })
    }
    for (const kind of ['rotate', 'rotateDeep', 'rekey'] as const) {
      expect(await codeOf(() => handlersFor(kind)[verb]({ id }, by('supervisor')))).toBe('permission.denied')
      expect(await handlersFor(kind)[verb]({ id }, by('administrator'))).toMatchObject({ job: { kind } })
    }
  }
})
