/** Core dumps are off in the station's process and in those that it starts. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const program = resolve(import.meta.dirname, '../../out/main/headless.js')

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) === parent
      } catch {
        return false
      }
    })

it('no memory of the station, the face process or the matcher is ever dumped', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('only Linux has a filter')
  const folder = mkdtempSync(join(tmpdir(), 'vultus-dumps-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const env = { ...process.env, VULTUS_PASSPHRASE: 'four unrelated words here' }
  const run = (...argv: string[]) => {
    const child = spawn(process.execPath, [program, ...argv, '--data', folder, '--json'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }
  await new Promise((done) => run('init', '--key', 'passphrase').once('close', done))
  const station = run('serve')
  await new Promise((done) => station.stdout.once('data', done))
  const pids = [station.pid ?? 0, ...childrenOf(station.pid ?? 0)]
  expect(pids.length).toBe(3)
  for (const pid of pids) {
    expect(readFileSync(`/proc/${pid}/coredump_filter`, 'utf8').trim()).toBe('00000000')
  }
  const ended = new Promise((done) => station.once('close', done))
  station.kill('SIGTERM')
  await ended
})
