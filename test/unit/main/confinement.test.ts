import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { confinedNode } from '../../../src/main/confinement.ts'
import { folderOfTests } from '../../support/folderOfTests.ts'

const folder = folderOfTests()
const confinement = { readFolders: [folder], writeFolder: join(folder, 'new'), memoryBytesMax: 1024 ** 3, processorSecondsMax: 20 }

/** Runs a script as a confined process would be run. @returns what it printed */
function run(script: string): string {
  const { execPath, execArgv } = confinedNode(confinement, folder)
  const path = join(folder, 'script.mjs')
  writeFileSync(path, script)
  return execFileSync(execPath, [...execArgv, path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}

const codeOf = (statement: string) => `
  import { readFileSync, writeFileSync } from 'node:fs'
  import { spawnSync } from 'node:child_process'
  import { createConnection } from 'node:net'
  try { ${statement}; console.log('done') } catch (error) { console.log(error.code) }`

test.each([
  ['reads what it was given', `readFileSync(${JSON.stringify(join(folder, 'script.mjs'))})`, 'done'],
  ['reads nothing else', `readFileSync('/etc/hostname')`, 'ERR_ACCESS_DENIED'],
  ['writes nowhere else', `writeFileSync(${JSON.stringify(join(folder, 'other.txt'))}, 'x')`, 'ERR_ACCESS_DENIED'],
  ['starts nothing', `spawnSync('true')`, 'ERR_ACCESS_DENIED'],
])('a confined process %s', (_, statement, expected) => {
  expect(run(codeOf(statement))).toBe(expected)
})

test.runIf(process.platform === 'linux')('on Linux it has a bound on its memory', () => {
  expect(() => run('const held = []; for (;;) held.push(Buffer.alloc(64 * 1024 * 1024, 1))')).toThrow()
})

test('elsewhere only Node itself confines it', () => {
  expect(confinedNode(confinement, folder, 'darwin').execPath).toBe(process.execPath)
})
