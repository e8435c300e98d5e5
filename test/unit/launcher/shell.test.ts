import { availableParallelism } from 'node:os'
import { describe, expect, test, vi } from 'vitest'
import { findBrowser } from '../../../bin/launcher/browsers.mjs'
import { canInstallPackages } from '../../../bin/launcher/debian.mjs'
import { hasDisplay, isDebian } from '../../../bin/launcher/machine.mjs'
import { nodeFlags } from '../../../bin/launcher/nodeFlags.mjs'
import { chooseShell, commandOf, crashed, type Means } from '../../../bin/launcher/start.mjs'
import { debian, machineWith, raspbian, ubuntu } from './madeUpMachine.ts'

const nothing: Means = {
  electron: async () => undefined,
  browser: () => undefined,
  canInstall: () => false,
  ask: async () => false,
  installChromium: async () => false,
}
const windowed = machineWith({ env: { DISPLAY: ':0' } })

describe('choosing a shell', () => {
  test('without a display serves, and does not even look for Electron', async () => {
    const electron = vi.fn(async () => '/electron')
    const shell = await chooseShell(machineWith({}), { ...nothing, electron, browser: () => '/chromium' })
    expect(shell).toEqual({ kind: 'headless', why: 'there is no display' })
    expect(electron).not.toHaveBeenCalled()
  })

  test.each(['--exit', '--json'])('serves with %s, which no window can answer', async (option) => {
    const shell = await chooseShell(windowed, { ...nothing, electron: async () => '/electron' }, ['--demo', option])
    expect(shell).toMatchObject({ kind: 'headless' })
  })

  test('with a display prefers Electron', async () => {
    const shell = await chooseShell(windowed, { ...nothing, electron: async () => '/electron', browser: () => '/chromium' })
    expect(shell).toEqual({ kind: 'electron', path: '/electron' })
  })

  test('takes the browser where Electron is not there', async () => {
    expect(await chooseShell(windowed, { ...nothing, browser: () => '/chromium' })).toEqual({ kind: 'browser', path: '/chromium' })
  })

  test('asks the superuser of Debian at a terminal, installs, and opens what came', async () => {
    let installed = false
    const means: Means = {
      ...nothing,
      browser: () => (installed ? '/usr/bin/chromium' : undefined),
      canInstall: () => true,
      ask: async () => true,
      installChromium: async () => {
        installed = true
        return true
      },
    }
    expect(await chooseShell({ ...windowed, terminal: true }, means)).toEqual({ kind: 'browser', path: '/usr/bin/chromium' })
  })

  test.each([
    ['no terminal', false, true, /apt-get install chromium/],
    ['a no', true, false, /install Chromium, Chrome or Edge/],
  ])('serves after %s, and says what to install', async (_, terminal, answer, why) => {
    const ask = vi.fn(async () => answer)
    const installChromium = vi.fn(async () => true)
    const shell = await chooseShell({ ...windowed, terminal }, { ...nothing, canInstall: () => true, ask, installChromium })
    expect(shell).toEqual({ kind: 'headless', why: expect.stringMatching(why) })
    expect(installChromium).not.toHaveBeenCalled()
    expect(ask).toHaveBeenCalledTimes(terminal ? 1 : 0)
  })

  test('serves when the installation failed', async () => {
    const means = { ...nothing, canInstall: () => true, ask: async () => true }
    expect(await chooseShell({ ...windowed, terminal: true }, means)).toMatchObject({ kind: 'headless' })
  })
})

describe('the command of a shell', () => {
  const place = { node: '/node', root: false, platform: 'linux', args: ['--demo'], entry: (name: string) => `/out/main/${name}.js` }

  test('passes the arguments on', () => {
    expect(commandOf({ kind: 'headless', why: '' }, place)).toEqual({
      file: '/node',
      args: [...nodeFlags, '/out/main/headless.js', 'start', '--demo'],
    })
    expect(commandOf({ kind: 'browser', path: '/chromium' }, place)).toEqual({
      file: '/node',
      args: [...nodeFlags, '/out/main/browser.js', '--browser', '/chromium', '--demo'],
    })
    expect(commandOf({ kind: 'electron', path: '/electron' }, place)).toEqual({
      file: '/electron',
      args: ['/out/main/electron.js', '--demo'],
    })
  })

  test('leaves V8 a thread fewer than there are processors, one to four', () => {
    const pool = Number(/^--v8-pool-size=(\d)$/.exec(nodeFlags.join(' '))?.[1])
    expect(pool).toBe(Math.max(1, Math.min(4, availableParallelism() - 1)))
  })

  test('gives up the sandbox of Electron for the superuser of Linux alone', () => {
    const electron = { kind: 'electron', path: '/electron' } as const
    expect(commandOf(electron, { ...place, root: true }).args[0]).toBe('--no-sandbox')
    expect(commandOf(electron, { ...place, root: true, platform: 'darwin' }).args).not.toContain('--no-sandbox')
    expect(commandOf(electron, place).args).not.toContain('--no-sandbox')
    expect(commandOf({ kind: 'browser', path: '/chromium' }, { ...place, root: true }).args).not.toContain('--no-sandbox')
  })

  test('an Electron counts as crashed when a fault ended it at once', () => {
    const finished = { code: 133, output: '', timedOut: false, signal: 'SIGTRAP' }
    expect(crashed(finished, 400)).toBe(true)
    expect(crashed(finished, 60_000)).toBe(false)
    expect(crashed({ ...finished, code: 127, signal: null }, 5)).toBe(true)
    expect(crashed({ ...finished, code: 0, signal: null }, 5)).toBe(false)
    expect(crashed({ ...finished, code: 143, signal: 'SIGTERM' }, 5)).toBe(false)
  })
})

describe('the machine', () => {
  test('shows a window on X11, Wayland, Windows and macOS', () => {
    expect(hasDisplay(machineWith({}))).toBe(false)
    expect(hasDisplay(machineWith({ env: { DISPLAY: '' } }))).toBe(false)
    expect(hasDisplay(machineWith({ env: { WAYLAND_DISPLAY: 'wayland-0' } }))).toBe(true)
    expect(hasDisplay(machineWith({ platform: 'win32' }))).toBe(true)
    expect(hasDisplay(machineWith({ platform: 'darwin' }))).toBe(true)
  })

  test('is Debian or one of its kind, but not Ubuntu', () => {
    expect(isDebian(machineWith({ osRelease: () => debian }))).toBe(true)
    expect(isDebian(machineWith({ osRelease: () => raspbian }))).toBe(true)
    expect(isDebian(machineWith({ osRelease: () => ubuntu }))).toBe(false)
    expect(isDebian(machineWith({ osRelease: () => 'ID=fedora\n' }))).toBe(false)
    expect(isDebian(machineWith({ platform: 'darwin', osRelease: () => debian }))).toBe(false)
  })

  test('installs packages as the superuser of Debian alone', () => {
    expect(canInstallPackages(machineWith({ root: true, osRelease: () => debian }))).toBe(true)
    expect(canInstallPackages(machineWith({ root: false, osRelease: () => debian }))).toBe(false)
    expect(canInstallPackages(machineWith({ root: true, osRelease: () => 'ID=fedora\n' }))).toBe(false)
  })
})

describe('finding a browser', () => {
  test('on macOS and Windows in the usual places', () => {
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
    expect(findBrowser(machineWith({ platform: 'darwin', files: [mac] }))).toBe(mac)
    const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
    const env = { PROGRAMFILES: 'C:\\Program Files', 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }
    expect(findBrowser(machineWith({ platform: 'win32', env, files: [edge] }))).toBe(edge)
  })

  test('takes a snap last, and nothing where there is nothing', () => {
    expect(findBrowser(machineWith({ files: ['/snap/bin/chromium'] }))).toBe('/snap/bin/chromium')
    expect(findBrowser(machineWith({}))).toBeUndefined()
  })

  test('takes the named one or none', () => {
    const env = { VULTUS_BROWSER: '/opt/chrome' }
    expect(findBrowser(machineWith({ env, files: ['/opt/chrome', '/snap/bin/chromium'] }))).toBe('/opt/chrome')
    expect(findBrowser(machineWith({ env, files: ['/snap/bin/chromium'] }))).toBeUndefined()
  })
})
