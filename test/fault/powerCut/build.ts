/** Builds the library that takes notes, where there is a compiler for it. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

/** Path of the library, or undefined where it cannot be built; it goes with the test file. */
export function builtShim(): string | undefined {
  if (process.platform !== 'linux') return undefined
  const folder = mkdtempSync(join(tmpdir(), 'vultus-power-cut-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const library = join(folder, 'shim.so')
  try {
    execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, fileURLToPath(new URL('shim.c', import.meta.url)), '-lpthread'], {
      stdio: 'ignore',
    })
    return library
  } catch {
    return undefined
  }
}
