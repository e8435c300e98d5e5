/** Against a real gnome-keyring on a message bus of its own, in a home of its own. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { vaultState } from '../../src/vault/open.ts'
import { fingerprint, temporaryFolder } from './fixtures.ts'

const script = fileURLToPath(new URL('keychain-child.ts', import.meta.url))
const isThere = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
const missing = ['dbus-run-session', 'gnome-keyring-daemon'].filter((program) => !isThere(program))

type Keyring = 'unlocked' | 'locked' | 'no bus'

/** Runs steps of the child script, each line of whose answer is `step: outcome`. */
function run(keyring: Keyring, home: string, folder: string, vaultId: string, steps: readonly string[]): Promise<string[]> {
  const { DBUS_SESSION_BUS_ADDRESS: _, XDG_RUNTIME_DIR: __, DISPLAY: ___, ...rest } = process.env
  mkdirSync(join(home, 'run'), { recursive: true, mode: 0o700 })
  const env = {
    ...rest,
    HOME: home,
    XDG_RUNTIME_DIR: join(home, 'run'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
  }
  const node = [
    process.execPath,
    '--experimental-transform-types',
    '--disable-warning=ExperimentalWarning',
    script,
    folder,
    vaultId,
    ...steps,
  ]
  const daemon =
    keyring === 'unlocked'
      ? `printf 'keyring password\\n' | gnome-keyring-daemon --unlock --components=secrets`
      : 'gnome-keyring-daemon --start --components=secrets'
  const command =
    keyring === 'no bus' ? node : ['dbus-run-session', '--', 'sh', '-c', `${daemon} >/dev/null 2>&1; exec "$@"`, 'sh', ...node]
  return new Promise((resolve, reject) => {
    execFile(command[0]!, command.slice(1), { env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`))
      else resolve(stdout.split('\n').filter((line) => steps.some((step) => line.startsWith(`${step}: `))))
    })
  })
}

describe.skipIf(missing.length > 0)(
  `a vault whose key is in the keychain${missing.map((program) => ` (needs ${program})`).join('')}`,
  () => {
    it('opens again, and says what is wrong when its key is not there, another, or locked away', async () => {
      const home = temporaryFolder()
      const folder = temporaryFolder()
      const [made, ...opened] = await run('unlocked', home, folder, '', ['init', 'open', 'available', 'init'])
      expect(opened).toEqual(['open: opened real keychain', 'available: true', 'init: vault.exists'])
      const vaultId = made!.replace('init: made ', '')
      expect(vaultState(folder)).toEqual({ state: 'present', kind: 'real', key: 'keychain' })
      const before = fingerprint(folder)

      expect(await run('unlocked', home, folder, vaultId, ['keyLength', 'open'])).toEqual(['keyLength: 32', 'open: opened real keychain'])
      expect(await run('locked', home, folder, vaultId, ['open'])).toEqual(['open: keychain.locked'])
      expect(await run('no bus', home, folder, vaultId, ['open', 'available'])).toEqual(['open: keychain.unavailable', 'available: false'])
      expect(await run('unlocked', temporaryFolder(), folder, vaultId, ['open', 'keyLength'])).toEqual([
        'open: key.missing',
        'keyLength: undefined',
      ])
      expect(await run('unlocked', home, folder, vaultId, ['otherKey', 'open', 'shortKey', 'open'])).toEqual([
        'otherKey: undefined',
        'open: vault.wrongKey',
        'shortKey: undefined',
        'open: vault.wrongKey',
      ])
      expect(await run('unlocked', home, folder, vaultId, ['remove', 'open', 'keyLength'])).toEqual([
        'remove: true',
        'open: key.missing',
        'keyLength: undefined',
      ])
      expect(fingerprint(folder)).toEqual(before)
    }, 120_000)

    it('has its audit chain anchored there, so that an older database put in its place is found', async () => {
      const home = temporaryFolder()
      const folder = join(temporaryFolder(), 'vault')
      const [made] = await run('unlocked', home, folder, '', ['init'])
      const vaultId = made!.replace('init: made ', '')
      const of = (...steps: string[]) => run('unlocked', home, folder, vaultId, steps)
      expect(await of('report', 'append', 'keep', 'append', 'report')).toEqual([
        'report: true 0 0 keychain agrees 0',
        'append: true 30 30 keychain agrees 0',
        'keep: undefined',
        'append: true 60 30 keychain agrees 30',
        'report: true 60 0 keychain agrees 60',
      ])
      // The evidence stays, whatever is written into the older database.
      expect(await of('putBack', 'report', 'append', 'report')).toEqual([
        'putBack: undefined',
        'report: false 30 30 keychain contradicting 60',
        'append: false 60 60 keychain contradicting 60',
        'report: false 60 60 keychain contradicting 60',
      ])
      expect(await of('forgetAnchor', 'report', 'report', 'spoilAnchor', 'report')).toEqual([
        'forgetAnchor: true',
        // The newest checkpoint is anchored while the chain is looked at, or was before.
        expect.stringMatching(/^report: true 60 (60 keychain missing null|0 keychain agrees 60)$/),
        'report: true 60 0 keychain agrees 60',
        'spoilAnchor: undefined',
        'report: false 60 60 keychain contradicting null',
      ])
    }, 120_000)

    it('with a passphrase beside it needs both', async () => {
      const home = temporaryFolder()
      const folder = temporaryFolder()
      const steps = ['initBoth', 'openBoth', 'openWrong', 'openHalf']
      const [made, ...opened] = await run('unlocked', home, folder, '', steps)
      expect(opened).toEqual(['openBoth: opened keychain+passphrase', 'openWrong: vault.wrongKey', 'openHalf: vault.locked'])
      const [vaultId = '', recoveryKey = ''] = made!.replace('initBoth: made ', '').split(' ')
      expect(recoveryKey.length).toBe(14 * 5 - 1)
      // The right passphrase on another machine, without the keychain, and without a bus.
      expect(await run('unlocked', temporaryFolder(), folder, vaultId, ['openBoth'])).toEqual(['openBoth: key.missing'])
      expect(await run('locked', home, folder, vaultId, ['openBoth'])).toEqual(['openBoth: keychain.locked'])
      expect(await run('no bus', home, folder, vaultId, ['openBoth'])).toEqual(['openBoth: keychain.unavailable'])
      // The recovery key opens it on that other machine, and gives its key to that machine's keychain.
      const other = temporaryFolder()
      const recover = `recover=keychain+passphrase:${recoveryKey}`
      expect(await run('unlocked', other, folder, vaultId, [recover, 'openBoth'])).toEqual([
        `${recover}: recovered keychain+passphrase`,
        'openBoth: opened keychain+passphrase',
      ])
      expect(await run('unlocked', home, folder, vaultId, ['openBoth'])).toEqual(['openBoth: key.missing'])
      const toKeychain = `recover=keychain:${recoveryKey}`
      expect(await run('unlocked', home, folder, vaultId, [toKeychain, 'open'])).toEqual([
        `${toKeychain}: recovered keychain`,
        'open: opened real keychain',
      ])
    }, 120_000)

    it('is not made where the keychain cannot keep a key', async () => {
      const home = temporaryFolder()
      const folder = temporaryFolder()
      expect(await run('unlocked', home, folder, '', ['available'])).toEqual(['available: true'])
      expect(await run('locked', home, folder, '', ['init'])).toEqual(['init: keychain.locked'])
      expect(await run('no bus', home, folder, '', ['init'])).toEqual(['init: keychain.unavailable'])
      expect(readdirSync(folder)).toEqual([])
    }, 60_000)
  },
)
