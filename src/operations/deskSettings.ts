/** How the window of this station looks. */
import type { Actor } from '../contract/records.ts'
import type { DeskSettings } from '../contract/rows/desk.ts'
import type { ParsedInputOf } from '../contract/table.ts'
import type { VaultPort } from './ports.ts'

/** Changes what is named and leaves the rest; what changed is in the audit, the name of a camera is not. */
export function changeDesk(vault: VaultPort, input: ParsedInputOf<'desk.change'>, actor: Actor): DeskSettings {
  const before = vault.settings.get('desk.look')
  const value: DeskSettings = {
    language: input.language === undefined ? before.language : input.language,
    theme: input.theme ?? before.theme,
    camera: input.camera === undefined ? before.camera : input.camera,
    cameraHeightPx: input.cameraHeightPx ?? before.cameraHeightPx,
    mirrored: input.mirrored ?? before.mirrored,
    sounds: input.sounds ?? before.sounds,
    receipts: input.receipts ?? before.receipts,
  }
  const { camera: _name, ...details } = value
  vault.settings.change({ name: 'desk.look', value, audit: { event: 'desk.change', actor, outcome: 'done', details } })
  return value
}
