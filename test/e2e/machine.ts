/** What the window tests look at of the machine: processes, files, and bytes in them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The browser that the machine has. */
export function findBrowser(): string | undefined {
  const { VULTUS_BROWSER: named } = process.env
  if (named !== undefined && named !== '') return named
  const names = ['chromium', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'chromium-browser']
  return names.map((name) => join('/usr/bin', name)).find((path) => existsSync(path))
}

/** Living processes (Linux) that were started with something in their environment or arguments. */
export function processesWith(mark: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8')
        const dead = /^State:\s+Z/m.test(readFileSync(`/proc/${name}/status`, 'utf8'))
        return !dead && (command.includes(mark) || environment.includes(mark)) ? [{ pid: Number(name), command }] : []
      } catch {
        return []
      }
    })
}

/** Every file below a folder, as paths relative to it. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** Files below a folder that hold a text, as UTF-8 or UTF-16. */
export function filesHolding(folder: string, text: string): string[] {
  const needles = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')]
  return filesBelow(folder).filter((name) => {
    try {
      const bytes = readFileSync(join(folder, name))
      return needles.some((needle) => bytes.includes(needle))
    } catch {
      // Sockets, and files that are gone since they were listed.
      return false
    }
  })
}
