/** Changing how the window looks. */
import { expect, test } from 'vitest'
import type { AuditEntry } from '../../../src/contract/records.ts'
import { deskFallback } from '../../../src/contract/rows/desk.ts'
import { changeDesk } from '../../../src/operations/deskSettings.ts'
import type { VaultPort } from '../../../src/operations/ports.ts'

test('what is named changes, the rest stays, and the audit has no name of a device', () => {
  let kept: unknown = deskFallback
  const entries: AuditEntry[] = []
  const vault = {
    settings: {
      get: () => kept,
      change: ({ value, audit }: { value: unknown; audit: AuditEntry }) => {
        kept = value
        entries.push(audit)
      },
    },
  } as unknown as VaultPort
  const actor = { role: 'operator', door: 'ipc' } as never
  changeDesk(vault, { language: 'ar', camera: "Ada's camera" }, actor)
  expect(changeDesk(vault, { theme: 'dark' }, actor)).toEqual({ ...deskFallback, language: 'ar', camera: "Ada's camera", theme: 'dark' })
  expect(changeDesk(vault, { language: null, camera: null }, actor)).toEqual({ ...deskFallback, theme: 'dark' })
  expect(entries.map(({ event }) => event)).toEqual(['desk.change', 'desk.change', 'desk.change'])
  expect(JSON.stringify(entries)).not.toContain('Ada')
})
