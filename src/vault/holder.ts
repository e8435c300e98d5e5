/** Which process holds the database of a vault, so that whoever is refused can be told. */
import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'

/** A lock of /proc/locks: `1: POSIX  ADVISORY  WRITE 1234 fe:01:5678 0 EOF`. */
const lockLine = /^\d+: +POSIX +ADVISORY +\w+ +(\d+) +[0-9a-f]+:[0-9a-f]+:(\d+) /

/**
 * The process that has locked a file; undefined where the system does not tell: only Linux keeps a list of locks, and a
 * container sees those of its own processes only.
 */
export function holderOf(path: string): number | undefined {
  try {
    const { ino } = statSync(path, { bigint: true })
    const file = realpathSync(path)
    return lockers(ino).find((pid) => hasOpen(pid, file))
  } catch {
    return undefined
  }
}

/** Processes with a lock on a file of that number, on any disk. */
function lockers(ino: bigint): number[] {
  const locks = readFileSync('/proc/locks', 'utf8').split('\n')
  return locks.flatMap((line) => {
    const [, pid, locked] = lockLine.exec(line) ?? []
    return locked === String(ino) && pid !== undefined && pid !== '0' ? [Number(pid)] : []
  })
}

/** Numbers of files repeat from disk to disk; of somebody else's process it cannot be seen what it has open. */
function hasOpen(pid: number, file: string): boolean {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).some((name) => linkOf(`${folder}/${name}`) === file)
  } catch {
    return false
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    // It was closed meanwhile.
    return undefined
  }
}
