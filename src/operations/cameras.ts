/** Cameras of the desk: opening a session on one, its level, and whether virtual ones may be used. */
import { VultusError } from '../contract/errors.ts'
import type { FaceFunctions } from '../contract/processes.ts'
import type { Actor } from '../contract/records.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import type { SessionId } from '../contract/types.ts'
import { virtualCameraOf } from '../core/liveness/injection.ts'
import type { Unwrapped, VaultPort } from './ports.ts'

/** Cameras whose level is kept; with one more, the one that was levelled first is forgotten. */
const levelledCamerasMax = 50

/** Opens a capture session. @throws VultusError capture.virtualCamera where the camera's name is that of a virtual one and none may be used */
export async function openCamera(
  vault: VaultPort,
  face: Pick<Unwrapped<FaceFunctions>, 'openSession'>,
  { source, preset, camera }: ParsedInputOf<'capture.open'>,
): Promise<OutputOf<'capture.open'>> {
  const virtualCamera = source === 'camera' ? (virtualCameraOf(camera) ?? null) : null
  if (virtualCamera !== null && vault.settings.get('camera.virtualForbidden')) throw new VultusError('capture.virtualCamera', virtualCamera)
  const autoCapture = vault.settings.get('capture.auto')
  const pitchZero = new Map(Object.entries(vault.settings.get('camera.pitchZero'))).get(camera) ?? 0
  const { sessionId } = await face.openSession({ source, preset, autoCapture, virtualCamera: virtualCamera !== null, pitchZero })
  return { sessionId: sessionId as SessionId, autoCapture, virtualCamera }
}

/** Keeps the pitch that a camera measures of a head that is held level now. */
export async function levelCamera(
  vault: VaultPort,
  face: Pick<Unwrapped<FaceFunctions>, 'levelSession'>,
  { sessionId, camera }: ParsedInputOf<'camera.level'>,
  actor: Actor,
): Promise<OutputOf<'camera.level'>> {
  const { pitchZero } = await face.levelSession({ sessionId })
  const others = Object.entries(vault.settings.get('camera.pitchZero')).filter(([name]) => name !== camera)
  const value = Object.fromEntries([...others, [camera, pitchZero] as const].slice(-levelledCamerasMax))
  vault.settings.change({
    name: 'camera.pitchZero',
    value,
    audit: { event: 'camera.level', actor, outcome: 'done', details: { pitchZero } },
  })
  return { pitchZero }
}

/** Shows or changes how pictures are taken; each change has its audit entry. */
export function cameraSettings(vault: VaultPort, input: ParsedInputOf<'camera.settings'>, actor: Actor): OutputOf<'camera.settings'> {
  const audit = (details: Record<string, string>) => ({ event: 'camera.settings', actor, outcome: 'done', details }) as const
  const { captures, virtual } = input
  if (captures !== undefined) vault.settings.change({ name: 'capture.auto', value: captures === 'auto', audit: audit({ captures }) })
  if (virtual !== undefined) {
    vault.settings.change({ name: 'camera.virtualForbidden', value: virtual === 'forbidden', audit: audit({ virtual }) })
  }
  return {
    captures: vault.settings.get('capture.auto') ? 'auto' : 'manual',
    virtual: vault.settings.get('camera.virtualForbidden') ? 'forbidden' : 'allowed',
  }
}
