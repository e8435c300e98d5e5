/** The command that opens the service endpoints. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderOfTests } from '../../support/folderOfTests.ts'
import { runFake } from '../../support/runFake.ts'

const folder = folderOfTests()

describe('serve', () => {
  it('prints its address and token once, as one object', async () => {
    const { code, json } = await runFake(['serve', '--json'])
    expect(code).toBe(0)
    expect(json()).toEqual({ address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), token: expect.stringMatching(/^[\w-]{43}$/) })
  })

  it('takes a token from a private file only', async () => {
    const file = join(folder, 'token')
    writeFileSync(file, `${'t'.repeat(40)}\n`, { mode: 0o644 })
    expect((await runFake(['serve', '--token-file', file, '--json'])).json().error.detail).toContain('others can read it')
    rmSync(file)
    writeFileSync(file, 'short', { mode: 0o600 })
    expect((await runFake(['serve', '--token-file', file, '--json'])).json().error.detail).not.toContain('short')
    writeFileSync(file, `${'t'.repeat(40)}\n`)
    expect((await runFake(['serve', '--token-file', file, '--json'])).json()).toMatchObject({ token: null })
    expect((await runFake(['serve', '--token-file', join(folder, 'no-token'), '--json'])).code).toBe(2)
  })
})
