/** The window tests run through Electron where its program is there: shown with a stand-in for the program that notes how it is started. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { electronArguments, electronProgram, shellOf } from '../../e2e/shell.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vt-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the browser is taken where no program of Electron is', () => {
  const environment = { ELECTRON_OVERRIDE_DIST_PATH: folder }
  expect([shellOf(environment), electronProgram(environment)]).toEqual(['chromium', undefined])
})

test.skipIf(process.platform !== 'linux')(
  'a program of Electron is taken, and started with the built entry, the data and the camera',
  async () => {
    const notes = join(folder, 'started')
    writeFileSync(join(folder, 'electron'), `#!/bin/sh\nprintf '%s\\n' "$@" > '${notes}'\nexit 7\n`, { mode: 0o755 })
    const environment = { ELECTRON_OVERRIDE_DIST_PATH: folder }
    expect(shellOf(environment)).toBe('electron')
    const executablePath = electronProgram(environment) ?? ''
    expect(executablePath).toBe(join(folder, 'electron'))
    const args = electronArguments('/data', '/camera.mjpeg', ['--demo'])
    // It is no Electron: it ends at once, and the launch with it; in a process of its own, which the failure may take along.
    const launch = `import { _electron } from '@playwright/test'; await _electron.launch(${JSON.stringify({ executablePath, args, timeout: 5000 })})`
    const project = resolve(import.meta.dirname, '../../..')
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', launch], {
      cwd: project,
      stdio: 'ignore',
      timeout: 15_000,
    })
    expect(status).not.toBe(0)
    expect(existsSync(notes)).toBe(true)
    const started = readFileSync(notes, 'utf8').trim().split('\n')
    expect(started.filter((word) => args.includes(word))).toEqual(args)
    expect(args[0]).toMatch(/out[\\/]main[\\/]electron\.js$/)
    expect(args.slice(1)).toEqual([
      '--data',
      '/data',
      '--use-fake-device-for-media-stream',
      '--use-file-for-fake-video-capture=/camera.mjpeg',
      '--demo',
    ])
  },
)
