import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { takeSecrets } from '../../../bin/launcher/machine.mjs'
import { setUpErrors } from '../../../bin/launcher/refused.mjs'
import { longStages, stages, stagesOf, withRounds } from '../../../bin/launcher/stages.mjs'
import { missingEntries } from '../../../bin/tools/completeLock.mjs'
import packageJson from '../../../package.json' with { type: 'json' }
import { errorTable } from '../../../src/contract/errors.ts'
import { folderWith } from './madeUpMachine.ts'

const projectRoot = join(import.meta.dirname, '../../..')
const packageLock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'))

/** An installed station, without sources, whose entry tells what it was given. */
function installed(): string {
  const root = folderWith({
    'package.json': '{"type":"module"}',
    'out/main/headless.js': `
const { VULTUS_PASSPHRASE: passphrase = null } = process.env
console.log(JSON.stringify({ args: process.argv.slice(2), passphrase }))
if (process.argv.includes('wait')) {
  const timer = setInterval(() => {}, 1000)
  process.on('SIGTERM', () => { clearInterval(timer); process.exitCode = 43 })
  console.log('ready')
}
if (process.argv.includes('fail')) process.exitCode = 7
`,
    'out/main/packBuilder.js': `console.log(JSON.stringify({ args: process.argv.slice(2), passphrase: process.env.VULTUS_PASSPHRASE ?? null }))`,
  })
  mkdirSync(join(root, 'bin'))
  copyFileSync(join(projectRoot, 'bin/vultus.mjs'), join(root, 'bin/vultus.mjs'))
  cpSync(join(projectRoot, 'bin/launcher'), join(root, 'bin/launcher'), { recursive: true })
  return root
}

function vultus(root: string, args: readonly string[], env: Record<string, string> = {}) {
  const { VULTUS_PASSPHRASE: _, DISPLAY: __, WAYLAND_DISPLAY: ___, ...rest } = process.env
  return spawn(process.execPath, [join(root, 'bin/vultus.mjs'), ...args], { env: { ...rest, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function answer(root: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = vultus(root, args, env)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { out, err, code: code as number }
}

describe('the launcher', () => {
  test('passes a command on with its arguments, the passphrase and the exit code, and says nothing itself', async () => {
    const { out, err, code } = await answer(installed(), ['verify', '--id', 'a b', 'fail'], { VULTUS_PASSPHRASE: 'correct horse' })
    expect(JSON.parse(out)).toEqual({ args: ['verify', '--id', 'a b', 'fail'], passphrase: 'correct horse' })
    expect({ err, code }).toEqual({ err: '', code: 7 })
  })

  test('gives the passphrase to no builder', async () => {
    const { out } = await answer(installed(), ['models', 'build', '--json'], { VULTUS_PASSPHRASE: 'correct horse' })
    expect(JSON.parse(out)).toEqual({ args: ['--packs', expect.stringMatching(/models.packs$/), '--json'], passphrase: null })
  })

  test('serves where there is no display, with the reason on stderr', async () => {
    const { out, err, code } = await answer(installed(), ['start', '--demo'])
    if (process.platform !== 'linux') return
    expect(JSON.parse(out).args).toEqual(['start', '--demo'])
    expect(err).toContain('there is no display')
    expect(code).toBe(0)
  })

  test.skipIf(process.platform === 'win32')('passes a signal on and waits for the command to end', async () => {
    const child = vultus(installed(), ['wait'])
    for await (const chunk of child.stdout) if (String(chunk).includes('ready')) break
    child.kill('SIGTERM')
    expect((await once(child, 'exit'))[0]).toBe(43)
  })

  test('refuses an unknown stage or bench with the usage code, as JSON where asked', async () => {
    const root = installed()
    const { out, code } = await answer(root, ['test', 'nothing', '--json'])
    expect(JSON.parse(out).error).toMatchObject({ code: 'request.invalid', detail: expect.stringContaining('nothing') })
    expect(code).toBe(2)
    expect((await answer(root, ['bench', '../evil'])).code).toBe(2)
  })

  test('takes passphrase and passwords out of the environment', () => {
    const secrets = { VULTUS_PASSPHRASE: 'x', VULTUS_PASSWORD: 'y', VULTUS_NEW_PASSWORD: 'z' }
    const env: Record<string, string | undefined> = { ...secrets, PATH: '/bin' }
    expect(takeSecrets(env)).toEqual(secrets)
    expect(env).toEqual({ PATH: '/bin' })
    expect(takeSecrets(env)).toEqual({})
  })

  test('has the rows of the error table', () => {
    for (const [code, row] of Object.entries(setUpErrors)) expect(errorTable[code as keyof typeof errorTable]).toMatchObject(row)
  })
})

describe('the stages', () => {
  const names = (args: readonly string[], command: 'test' | 'check' = 'test') => stagesOf(command, args).map(({ name }) => name)

  test('are all run in order, or the named ones, or the long ones', () => {
    expect(names([])).toEqual(['types', 'lint', 'architecture', 'unit', 'vault', 'flow', 'api', 'e2e'])
    expect(names(['unit', 'types'])).toEqual(['types', 'unit'])
    expect(names(['--long'])).toEqual(['long', 'screens'])
    expect(names(['unit', '--long'])).toEqual(['unit', 'long', 'screens'])
    expect(names([], 'check')).toEqual(['types', 'lint', 'architecture', 'unit'])
    expect(() => names(['unit'], 'check')).toThrow(expect.objectContaining({ exit: 2 }))
  })

  test('take how many rounds there should be', () => {
    expect(withRounds(['--long', '--rounds', '2000', 'unit'])).toEqual({ args: ['--long', 'unit'], rounds: '2000' })
    expect(withRounds(['unit'])).toEqual({ args: ['unit'], rounds: undefined })
    expect(() => withRounds(['--rounds', 'many'])).toThrow(expect.objectContaining({ exit: 2 }))
  })

  test('start scripts that are there', () => {
    for (const { command } of [...stages, ...longStages]) expect(existsSync(join(projectRoot, command[0] ?? ''))).toBe(true)
  })
})

describe('the lock of npm', () => {
  test('names every platform, so that npm accepts it (else: node bin/tools/completeLock.mjs)', () => {
    expect(missingEntries(packageLock.packages).map(({ path }) => path)).toEqual([])
  })

  test('belongs to this package.json', () => {
    const { dependencies, devDependencies, optionalDependencies } = packageLock.packages['']
    expect({ dependencies, devDependencies, optionalDependencies }).toEqual({
      dependencies: packageJson.dependencies,
      devDependencies: packageJson.devDependencies,
      optionalDependencies: packageJson.optionalDependencies,
    })
  })

  test('is completed with the platform that a name tells', () => {
    const packages = {
      'node_modules/tool': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { '@t/linux-x64-musl': '1.2.3', '@t/darwin-arm64': '1.2.3' },
      },
      'node_modules/@t/darwin-arm64': { version: '1.2.3' },
    }
    expect(missingEntries(packages)).toEqual([
      {
        path: 'node_modules/@t/linux-x64-musl',
        entry: { version: '1.2.3', dev: true, optional: true, libc: ['musl'], os: ['linux'], cpu: ['x64'] },
      },
    ])
  })

  test('names no registry', () => {
    expect(Object.values<object>(packageLock.packages).filter((entry) => 'resolved' in entry)).toEqual([])
  })
})

test('every script of package.json goes through the launcher', () => {
  for (const script of Object.values(packageJson.scripts)) expect(script).toMatch(/^node bin\/vultus\.mjs /)
  expect(dirname(packageJson.bin.vultus)).toBe('bin')
})
