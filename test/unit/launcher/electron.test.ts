import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { electronOrNothing, failedLately, findElectron, rememberFailure } from '../../../bin/launcher/electron.mjs'
import { thisMachine } from '../../../bin/launcher/machine.mjs'
import { folderWith, machineWith, write } from './madeUpMachine.ts'

const day = 24 * 3600 * 1000
const version = (number: string) => JSON.stringify({ version: number })

beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
afterEach(() => vi.restoreAllMocks())

/** A project whose Electron installer is this script. */
function projectWith(installer: string) {
  const root = folderWith({ 'node_modules/electron/package.json': version('45.0.0'), 'node_modules/electron/install.js': installer })
  return { root, machine: { ...thisMachine({ ...process.env }), platform: 'linux' }, node: process.execPath }
}

describe('Electron', () => {
  test('is found by its files alone', () => {
    const dist = join('/p', 'node_modules/electron/dist/electron')
    const done = join('/p', 'node_modules/electron/path.txt')
    const find = (more: Parameters<typeof machineWith>[0]) => findElectron({ root: '/p', node: '', machine: machineWith(more) })
    expect(find({})).toBeUndefined()
    expect(find({ files: [dist] })).toBeUndefined()
    expect(find({ files: [dist, done] })).toBe(dist)
    expect(find({ env: { ELECTRON_OVERRIDE_DIST_PATH: '/e' }, files: [join('/e', 'electron')] })).toBe(join('/e', 'electron'))
    expect(find({ env: { ELECTRON_OVERRIDE_DIST_PATH: '/e' }, files: [dist, done] })).toBeUndefined()
  })

  test('that failed is not tried again for a week, unless its version changes', () => {
    const root = folderWith({ 'node_modules/electron/package.json': version('45.0.0') })
    expect(failedLately(root, 0)).toBe(false)
    rememberFailure(root, 'no network', 10 * day)
    expect(failedLately(root, 16 * day)).toBe(true)
    expect(failedLately(root, 18 * day)).toBe(false)
    expect(failedLately(root, 9 * day)).toBe(false)
    write(root, 'node_modules/electron/package.json', version('46.0.0'))
    expect(failedLately(root, 16 * day)).toBe(false)
  })

  test('that does not arrive in time is given up, and its installer is ended', async () => {
    const place = projectWith('setTimeout(() => require("fs").writeFileSync(__dirname + "/late", ""), 1500)')
    expect(await electronOrNothing(place, 0, 300)).toBeUndefined()
    expect(failedLately(place.root, day)).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 1700))
    expect(existsSync(join(place.root, 'node_modules/electron/late'))).toBe(false)
  })

  test('whose failure is remembered is not tried', async () => {
    const place = projectWith('require("fs").writeFileSync(__dirname + "/tried", "")')
    rememberFailure(place.root, 'no network', 0)
    expect(await electronOrNothing(place, day)).toBeUndefined()
    expect(existsSync(join(place.root, 'node_modules/electron/tried'))).toBe(false)
  })

  const arriving = (status: number) => `const fs = require("fs"); fs.mkdirSync(__dirname + "/dist")
fs.writeFileSync(__dirname + "/dist/electron", "#!/bin/sh\\nexit ${status}\\n", { mode: 0o755 }); fs.writeFileSync(__dirname + "/path.txt", "electron")`

  test.skipIf(process.platform === 'win32')('that arrives and loads is used', async () => {
    const place = projectWith(arriving(0))
    expect(await electronOrNothing(place, 0)).toBe(join(place.root, 'node_modules/electron/dist/electron'))
  })

  test.skipIf(process.platform === 'win32')('whose libraries are missing is not used', async () => {
    const place = projectWith(arriving(127))
    expect(await electronOrNothing(place, 0)).toBeUndefined()
    chmodSync(join(place.root, 'node_modules/electron/dist/electron'), 0o644)
    expect(await electronOrNothing(place, 0)).toBeUndefined()
  })
})
