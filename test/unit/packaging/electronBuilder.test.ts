import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration } from 'app-builder-lib'
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const logger = { isEnabled: false, add: () => {} } as unknown as Parameters<typeof validateConfiguration>[1]
const load = () => getConfig(root, 'electron-builder.yml', null)

describe('electron-builder.yml', () => {
  test('is valid', async () => {
    await expect(validateConfiguration(await load(), logger)).resolves.toBeUndefined()
  })

  test('would be refused with a key that does not exist', async () => {
    const wrong = { ...(await load()), asarUnpak: [] } as Configuration
    await expect(validateConfiguration(wrong, logger)).rejects.toThrow('asarUnpak')
  })

  test('hardens Electron and rebuilds no native package', async () => {
    const { electronFuses, npmRebuild, asar } = await load()
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    })
    expect({ npmRebuild, asar }).toEqual({ npmRebuild: false, asar: true })
  })

  test('makes the installers of each platform', async () => {
    const { win, mac, linux, nsis, publish } = await load()
    const targets = (options: { target?: unknown } | null | undefined) =>
      ((options?.target ?? []) as { target: string }[]).map(({ target }) => target)
    expect([targets(win), targets(mac), targets(linux)]).toEqual([['nsis'], ['dmg'], ['deb', 'AppImage']])
    expect(nsis?.perMachine).toBe(true)
    expect(mac?.hardenedRuntime).toBe(true)
    expect(mac?.extendInfo).toHaveProperty('NSCameraUsageDescription')
    expect(publish).toMatchObject({ provider: 'generic' })
  })

  test('names resources that are there', async () => {
    const { mac } = await load()
    expect(readFileSync(join(root, String(mac?.entitlements)), 'utf8')).toContain('com.apple.security.device.camera')
    expect(await sharp(join(root, 'resources/icon.png')).metadata()).toMatchObject({ format: 'png', width: 1024, height: 1024 })
  })
})
