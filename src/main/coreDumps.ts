/**
 * Keeps keys and templates out of core dumps. Linux: the kernel is told to write no memory into a dump of the process, and
 * where the program prlimit is there the size of dumps is set to 0 as well. Both are inherited by children that are forked;
 * those that are not (Electron's utility processes) are told by their process id. Nothing is to be done on Windows, where
 * dumps are written only when an administrator has set that up, and macOS writes none unless `ulimit -c` allows it.
 */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'

/**
 * Asks for it and goes on where it cannot be had: a station that runs is worth more than a refusal to start.
 * @param pid of this process, or of a child that runs as the same user
 * @returns whether the kernel took the filter
 */
export function withoutCoreDumps(pid: number = process.pid, platform: NodeJS.Platform = process.platform): boolean {
  if (platform !== 'linux') return false
  // A machine without the program has the filter alone.
  execFile('prlimit', ['--pid', String(pid), '--core=0:0'], { timeout: 5_000 }, () => undefined).unref()
  try {
    writeFileSync(`/proc/${pid}/coredump_filter`, '0')
    return true
  } catch {
    return false
  }
}
