/** Accounts as people use them on the command line: the built program, real processes, a vault on the disk. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { folderOfTests } from '../support/folderOfTests.ts'
import { childrenOf, ended, firstLine, start } from '../support/program.ts'

const passphrase = 'a passphrase for the flow test'
const adaPassword = 'a password that Ada knows'
const olgaPassword = 'Olga knows it'

const folder = folderOfTests()
const data = join(folder, 'data')

const begin = (argv: readonly string[], secrets: NodeJS.ProcessEnv = {}) =>
  start([...argv, '--data', data, '--json'], {
    env: { ...process.env, VULTUS_PASSPHRASE: passphrase, TMPDIR: join(folder, 'tmp'), ...secrets },
  })
const vultus = (line: string, secrets: NodeJS.ProcessEnv = {}) => ended(begin(line.split(' '), secrets))
const asAda = (line: string, more: NodeJS.ProcessEnv = {}) => vultus(`${line} --as Ada`, { VULTUS_PASSWORD: adaPassword, ...more })
const asOlga = (line: string) => vultus(`${line} --as Olga`, { VULTUS_PASSWORD: olgaPassword })

/** Environments of a process and of its children (Linux). */
const environmentsOf = (pid: number) =>
  childrenOf(pid)
    .map((child) => readFileSync(`/proc/${child}/environ`, 'utf8'))
    .join('\0')

beforeAll(async () => {
  mkdirSync(join(folder, 'tmp'))
  expect((await vultus('init --key passphrase')).code).toBe(0)
})

describe('accounts', () => {
  it('from the first one on, commands need somebody who is signed in and whose role does', async () => {
    expect(await vultus('subjects')).toMatchObject({ code: 0 })
    expect(await vultus('operators add --name Olga --role operator', { VULTUS_NEW_PASSWORD: olgaPassword })).toMatchObject({
      code: 2,
      json: { error: { code: 'operator.firstAdministrator' } },
    })
    const added = await vultus('operators add --name Ada --role administrator', { VULTUS_NEW_PASSWORD: adaPassword })
    expect(added).toMatchObject({ code: 0, json: { name: 'Ada', role: 'administrator', enabled: true } })
    expect(await vultus('subjects')).toMatchObject({ code: 8, json: { error: { code: 'signIn.required' } } })
    expect(await vultus('models list')).toMatchObject({ code: 0 })
    expect(await asAda('operators add --name Olga --role operator', { VULTUS_NEW_PASSWORD: olgaPassword })).toMatchObject({ code: 0 })
    expect(await asOlga('subjects')).toMatchObject({ code: 0, json: { subjects: [] } })
    expect(await asOlga('erase --id S-1')).toMatchObject({ code: 8, json: { error: { code: 'permission.denied' } } })
    expect(await asOlga('operators list')).toMatchObject({ code: 8, json: { error: { code: 'permission.denied' } } })
    expect((await asAda('operators list')).json.operators.map(({ name }: { name: string }) => name)).toEqual(['Ada', 'Olga'])
    expect(await asAda('operators disable --name Ada')).toMatchObject({ code: 8, json: { error: { code: 'operator.lastAdministrator' } } })
  })

  it('a wrong password makes the name wait over processes, and a new one ends it', async () => {
    const wrong = () => vultus('subjects --as Olga', { VULTUS_PASSWORD: 'not the password' })
    // After the fifth the name waits 15 minutes, longer than any process of a slow machine takes.
    for (const waitMs of [1000, 2000, 4000, 8000, 900_000]) {
      const { code, json } = await wrong()
      expect([code, json.error.code, json.waitMs]).toEqual([8, 'signIn.wrong', waitMs])
      if (waitMs < 900_000) await sleep(waitMs)
    }
    expect(await asOlga('subjects')).toMatchObject({ code: 8, json: { error: { code: 'signIn.wait' } } })
    const fresh = { VULTUS_NEW_PASSWORD: 'Olga has a new one' }
    expect(await asAda('operators change --name Olga --secret-kind password', fresh)).toMatchObject({ code: 0 })
    expect(await vultus('subjects --as Olga', { VULTUS_PASSWORD: 'Olga has a new one' })).toMatchObject({ code: 0 })
    expect(await asAda('operators disable --name Olga')).toMatchObject({ code: 0, json: { enabled: false } })
    expect(await vultus('subjects --as Olga', { VULTUS_PASSWORD: 'Olga has a new one' })).toMatchObject({
      json: { error: { code: 'signIn.wrong' } },
    })
    expect(await asAda('audit verify')).toMatchObject({ code: 0, json: { ok: true } })
  })

  it('a service needs an administrator, serves in that name, and no process inherits a password', async () => {
    expect(await vultus('serve')).toMatchObject({ code: 8, json: { error: { code: 'signIn.required' } } })
    const service = begin(['serve', '--as', 'Ada'], {
      VULTUS_PASSWORD: adaPassword,
      VULTUS_NEW_PASSWORD: 'a new password that is not used',
    })
    const over = ended(service)
    try {
      const { address, token } = JSON.parse(await firstLine(service))
      const missing = await fetch(`${address}/api/templates/T-1`, { headers: { authorization: `Bearer ${token}` } })
      expect([missing.status, ((await missing.json()) as { error: { code: string } }).error.code]).toEqual([404, 'template.unknown'])
      if (process.platform === 'linux') {
        const environments = environmentsOf(service.pid ?? 0)
        expect(environments).toContain('PATH=')
        for (const secret of [adaPassword, passphrase, 'a new password that is not used']) expect(environments).not.toContain(secret)
      }
      // Commands attach to the running station; each signs in at its own connection.
      expect(await vultus('subjects')).toMatchObject({ code: 8, json: { error: { code: 'signIn.required' } } })
      expect(await asAda('subjects')).toMatchObject({ code: 0 })
      expect(await vultus('subjects')).toMatchObject({ code: 8 })
    } finally {
      service.kill('SIGTERM')
      await over
    }
  })
})
