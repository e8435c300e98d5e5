/** Pipes where the doors read a small file: a process of its own meets them, so that one that waits can be ended. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const source = (path: string) => JSON.stringify(import.meta.resolve(`../../../src/doors/${path}`))

function answered(script: string): string {
  const flags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script]
  const { stdout, signal } = spawnSync(process.execPath, flags, { encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' })
  return signal ?? stdout.trim()
}

it.skipIf(process.platform === 'win32')('are not waited for: the note of a station, the file of a token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-pipes-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  execFileSync('mkfifo', ['-m', '600', join(folder, 'station.json'), join(folder, 'token')])
  const note = `import { presentNote } from ${source('socket/localSocket.ts')}
    console.log(presentNote(${JSON.stringify(folder)}))`
  expect(answered(note)).toBe('undefined')
  const token = `import { readTokenFile } from ${source('rest/token.ts')}
    await readTokenFile(${JSON.stringify(join(folder, 'token'))}).catch((error) => console.log(error.code))`
  expect(answered(token)).toBe('request.invalid')
})
