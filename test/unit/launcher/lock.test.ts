import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { takeLock } from '../../../bin/launcher/lock.mjs'
import { folderWith } from './madeUpMachine.ts'

const lockModule = join(import.meta.dirname, '../../../bin/launcher/lock.mjs')

function node(code: string, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Another process that takes the lock and says so; it keeps it until it is killed. */
async function holder(folder: string): Promise<ChildProcess> {
  const child = node(
    `import { takeLock } from ${JSON.stringify(lockModule)}; await takeLock(process.argv[1], () => {}); console.log('held'); setInterval(() => {}, 1000)`,
    folder,
  )
  await once(child.stdout!, 'data')
  return child
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

describe('the set-up lock', () => {
  test('keeps a second one waiting until it is released', async () => {
    const folder = join(folderWith({}), 'cache/lock')
    const first = await takeLock(folder, () => {})
    const onWait = vi.fn()
    let second = false
    const waiting = takeLock(folder, onWait).then((lock) => {
      second = true
      return lock
    })
    await vi.waitFor(() => expect(onWait).toHaveBeenCalledWith(process.pid))
    expect(second).toBe(false)
    first.release()
    ;(await waiting).release()
    expect(existsSync(folder)).toBe(false)
  })

  test('of a killed process is taken over', async () => {
    const folder = join(folderWith({}), 'lock')
    await end(await holder(folder))
    expect(existsSync(folder)).toBe(true)
    const lock = await takeLock(folder, () => {})
    expect(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')).pids).toEqual([process.pid])
    lock.release()
  })

  test('of a living process is not taken over', async () => {
    const folder = join(folderWith({}), 'lock')
    const child = await holder(folder)
    const onWait = vi.fn()
    const waiting = takeLock(folder, onWait)
    await vi.waitFor(() => expect(onWait).toHaveBeenCalledWith(child.pid))
    await end(child)
    ;(await waiting).release()
  })

  test('is kept while a helper of a killed launcher still works', async () => {
    const folder = join(folderWith({}), 'lock')
    const helper = node('console.log("up"); setInterval(() => {}, 1000)')
    await once(helper.stdout!, 'data')
    const launcher = node(
      `import { takeLock } from ${JSON.stringify(lockModule)}; const lock = await takeLock(process.argv[1], () => {}); lock.addHelper(Number(process.argv[2])); console.log('held'); setInterval(() => {}, 1000)`,
      folder,
      String(helper.pid),
    )
    await once(launcher.stdout!, 'data')
    await end(launcher)
    const onWait = vi.fn()
    const waiting = takeLock(folder, onWait)
    await vi.waitFor(() => expect(onWait).toHaveBeenCalled())
    await end(helper)
    ;(await waiting).release()
  })

  test.runIf(process.platform === 'linux')('of a process whose id now belongs to another is taken over', async () => {
    const folder = join(folderWith({}), 'lock')
    mkdirSync(folder)
    writeFileSync(join(folder, 'owner.json'), JSON.stringify({ pids: [process.pid], starts: ['1'] }))
    ;(await takeLock(folder, () => {})).release()
  })

  test('whose owner was killed before it wrote its name is taken over after a while', async () => {
    const folder = join(folderWith({}), 'lock')
    mkdirSync(folder)
    utimesSync(folder, 1, 1)
    ;(await takeLock(folder, () => {})).release()
  })

  test('is held by one at a time when many find it left behind', async () => {
    const folder = join(folderWith({}), 'lock')
    await end(await holder(folder))
    let held = 0
    let heldMax = 0
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const lock = await takeLock(folder, () => {})
        heldMax = Math.max(heldMax, ++held)
        await new Promise((resolve) => setTimeout(resolve, 5))
        held--
        lock.release()
      }),
    )
    expect(heldMax).toBe(1)
  })
})
