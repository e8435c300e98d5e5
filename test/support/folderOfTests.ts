import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A new folder for the tests of a file or group; it goes after them, and after what was registered later to end first. */
export function folderOfTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
