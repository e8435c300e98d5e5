/** The builder of the starter pack as a process of its own: what it prints and how it exits. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const entry = fileURLToPath(new URL('../../src/face/starter/main.ts', import.meta.url))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vultus-builder-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Runs the source of the entry; Node strips its types. */
function run(...options: string[]) {
  const node = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', entry]
  return spawnSync(process.execPath, [...node, ...options], { encoding: 'utf8', timeout: 60_000 })
}

test('builds, says so in one object, and is quiet on stdout otherwise', { timeout: 90_000 }, async () => {
  const first = run('--packs', folder, '--json')
  expect(first.status).toBe(0)
  expect(first.stderr).toContain('recognition.onnx')
  const files = ['blazeface.onnx', 'facemesh.onnx', 'recognition.onnx']
  expect(JSON.parse(first.stdout)).toMatchObject({ pack: 'starter', built: files, kept: [] })
  expect((await readdir(join(folder, 'starter'))).sort()).toEqual([...files.slice(0, 2), 'manifest.json', files[2]])

  const second = run('--packs', folder)
  expect(second).toMatchObject({ status: 0, stdout: '' })
  expect(second.stderr).toBe('the starter pack is complete\n')
})

test('a failure has a code and a remedy, no stack, and exit code 5', { timeout: 60_000 }, async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  const failed = run('--packs', file, '--json')
  expect(failed.status).toBe(5)
  expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'model.missing', remedy: expect.any(String) } })
  expect(failed.stdout + failed.stderr).not.toMatch(/\n\s+at /)
})

test('without a folder it is wrong usage', () => {
  const failed = run('--json')
  expect(failed.status).toBe(2)
  expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'request.invalid' } })
}, 30_000)
