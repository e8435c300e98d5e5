import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { withoutCoreDumps } from '../../../src/main/coreDumps.ts'

it('the kernel writes no memory of a process that was told so, and of what it starts', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('only Linux has a filter')
  // A child, so that this process keeps the filter it was started with.
  const child = spawn('sh', ['-c', 'read line; cat /proc/self/coredump_filter; ulimit -c'], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  expect(withoutCoreDumps(child.pid)).toBe(true)
  expect(readFileSync(`/proc/${child.pid}/coredump_filter`, 'utf8')).toBe('00000000\n')
  const ended = new Promise((resolve) => child.once('close', resolve))
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk
  })
  child.stdin.end('go\n')
  await ended
  // The program started by the child has inherited it.
  expect(text.split('\n')[0]).toBe('00000000')
})

it('is not tried where there is no such thing, and never stands in the way', () => {
  expect(withoutCoreDumps(process.pid, 'win32')).toBe(false)
  expect(withoutCoreDumps(2 ** 30)).toBe(false)
})
