/** Backup and restore by the built command line: real processes, a vault and a backup folder on the disk. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it, onTestFinished } from 'vitest'
import { portraitSvg } from '../../src/core/portrait.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { viewOf } from '../../src/core/portraitViews.ts'
import { ended, start } from '../support/program.ts'

async function drawn(path: string, subject: number): Promise<string> {
  const person = drawnSubjects[subject]
  if (person === undefined) throw new RangeError('There is no such drawn subject')
  writeFileSync(
    path,
    await sharp(Buffer.from(portraitSvg(person, viewOf(0))))
      .flatten()
      .jpeg()
      .toBuffer(),
  )
  return path
}

const vultus = (argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string) =>
  ended(start([...argv, '--json'], { env: { ...process.env, ...env }, cwd }))

it('backs up, follows an erasure, and restores on a new machine with the recovery key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-backup-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const at = (name: string) => join(folder, name)
  mkdirSync(at('to'))
  const first = { VULTUS_PASSPHRASE: 'a passphrase for the first machine' }
  const here = (...argv: string[]) => vultus([...argv, '--data', at('data')], first, folder)

  const made = await here('init', '--key', 'passphrase')
  const recoveryKey = String(made.json.recoveryKey)
  for (const subject of [0, 1]) {
    const picture = await drawn(at(`${subject}.jpg`), subject)
    expect((await here('enrol', '--id', `S-${subject}`, '--name', `Person ${subject}`, picture)).code).toBe(0)
  }
  // A path that is relative is meant from where the command was typed.
  const backup = await here('back-up', '--to', 'to')
  expect(backup).toMatchObject({
    code: 0,
    json: { folder: at('to'), generation: { number: 1 }, verified: { subjects: 2, sampled: 2, auditOk: true } },
  })
  expect(await here('back-up', '--to', 'nowhere')).toMatchObject({ code: 4, json: { error: { code: 'backup.unreachable' } } })
  const erased = await here('erase', '--id', 'S-0', '--certificate', at('erased.json'))
  expect(erased.code).toBe(0)
  expect(await here('verify-certificate', at('erased.json'), '--id', 'S-0')).toMatchObject({
    code: 0,
    json: { ok: true, certificate: { backupKeyFile: { keyFiles: 1, replacedAt: expect.any(String) } } },
  })
  expect(await here('backup', 'list')).toMatchObject({
    code: 0,
    json: { folders: [{ keyFile: { pending: false }, generations: [{ number: 1 }] }] },
  })
  expect(await here('backup', 'schedule', '--to', 'to', '--interval-hours', '6')).toMatchObject({
    json: { folder: at('to'), intervalHours: 6 },
  })
  expect(await here('backup', 'refresh')).toMatchObject({ code: 0, json: { keyFiles: [{ folder: at('to'), problem: null }] } })

  const second = { VULTUS_PASSPHRASE: 'a passphrase for the second machine', VULTUS_RECOVERY_KEY: recoveryKey }
  const restore = ['restore', '--from', 'to', '--key', 'passphrase', '--data', at('new')]
  expect(await vultus(restore, first, folder)).toMatchObject({ code: 0, json: { generation: 1, verified: { subjects: 1, erased: 1 } } })
  expect(await vultus(restore, second, folder)).toMatchObject({ code: 4, json: { error: { code: 'vault.exists' } } })
  rmSync(at('new'), { recursive: true })
  expect(await vultus(restore, second, folder)).toMatchObject({
    code: 0,
    json: { kind: 'real', key: 'passphrase', verified: { subjects: 1, erased: 1 } },
  })
  expect(
    readdirSync(at('new'))
      .filter((name) => name.startsWith('vault'))
      .sort(),
  ).toEqual(['vault.db', 'vault.json'])

  const there = (...argv: string[]) => vultus([...argv, '--data', at('new')], { VULTUS_PASSPHRASE: second.VULTUS_PASSPHRASE }, folder)
  expect(await there('subjects')).toMatchObject({ json: { subjects: [{ id: 'S-1', name: 'Person 1' }] } })
  expect(await there('identify', at('1.jpg'))).toMatchObject({ code: 0, json: { decision: 'match', candidates: [{ id: 'S-1' }] } })
  expect(await there('identify', at('0.jpg'))).toMatchObject({ code: 1, json: { candidates: [] } })
  expect(await there('audit', 'verify')).toMatchObject({ code: 0, json: { ok: true } })
}, 180_000)
