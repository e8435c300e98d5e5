/** Run as a process of its own: restores a backup once, saying on stdout when it began and when it was acknowledged. */
import { writeSync } from 'node:fs'
import { restoreVault } from '../../src/vault/backup/restore.ts'

const say = (line: string) => writeSync(1, `${line}\n`)
const [from = '', folder = ''] = process.argv.slice(2)
try {
  say('restoring')
  const audit = { event: 'vault.restore', actor: { role: 'administrator', door: 'command' }, outcome: 'done' } as const
  await restoreVault({ from, folder, passphrase: 'correct horse battery', audit, nowMs: Date.now })
  say('restored')
} catch (error) {
  say(`bug ${error instanceof Error ? error.stack : String(error)}`)
  process.exit(1)
}
