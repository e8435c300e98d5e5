/** Core dumps are off in the station's process and in those that it starts. */
import { readFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { folderOfTests } from '../support/folderOfTests.ts'
import { childrenOf, ended, firstLine, start } from '../support/program.ts'

const folder = folderOfTests()

it('no memory of the station, the face process or the matcher is ever dumped', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('only Linux has a filter')
  const env = { ...process.env, VULTUS_PASSPHRASE: 'four unrelated words here' }
  const run = (...argv: string[]) => {
    const child = start([...argv, '--data', folder, '--json'], { env })
    child.stderr.resume()
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }
  await ended(run('init', '--key', 'passphrase'))
  const station = run('serve')
  await firstLine(station)
  const pids = [station.pid ?? 0, ...childrenOf(station.pid ?? 0)]
  expect(pids.length).toBe(3)
  for (const pid of pids) {
    expect(readFileSync(`/proc/${pid}/coredump_filter`, 'utf8').trim()).toBe('00000000')
  }
  const end = ended(station)
  station.kill('SIGTERM')
  await end
})
