import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Machine } from '../../../bin/launcher/machine.mjs'

/** A machine of which a test says only what matters to it: Linux for an ordinary user, nothing installed. */
export function machineWith(more: Partial<Machine> & { files?: readonly string[] }): Machine {
  const { files = [], ...rest } = more
  return {
    platform: 'linux',
    arch: 'x64',
    env: {},
    root: false,
    terminal: false,
    execPath: '/usr/bin/node',
    nodeVersion: '20.19.0',
    isFile: (path) => files.includes(path),
    osRelease: () => '',
    ...rest,
  }
}

export const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'
export const ubuntu = 'ID=ubuntu\nID_LIKE=debian\n'
export const raspbian = 'ID=raspbian\nID_LIKE="debian"\n'

/** A folder with these files, gone after the test. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-launcher-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) write(folder, path, content)
  return folder
}

export function write(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}
