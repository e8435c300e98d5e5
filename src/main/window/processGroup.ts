/** The browser's own process group: ended as a whole, and waited for, since a process that was killed takes a moment to go. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const goneTimeoutMs = 3000
const lookEveryMs = 20

/** Kills whatever is left of the group. @param leader id of the process that leads it; on Windows it alone is killed */
export function killGroup(leader: number): void {
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL')
  } catch {
    // Nothing is left of it.
  }
}

/** Kills the group and waits until none of it runs, but not for ever. */
export async function endGroup(leader: number): Promise<void> {
  killGroup(leader)
  for (const endMs = performance.now() + goneTimeoutMs; isRunning(leader) && performance.now() < endMs; ) await sleep(lookEveryMs)
}

function isRunning(leader: number): boolean {
  if (process.platform === 'linux') return readdirSync('/proc').some((name) => /^\d+$/.test(name) && isMember(name, leader))
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 0)
    return true
  } catch {
    return false
  }
}

/** Whether a process belongs to the group and runs; a dead one that nobody has asked for yet does not. */
function isMember(pid: string, leader: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name may hold spaces and brackets; state, parent and group follow the last bracket.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(group) === leader && state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}
