/** Databases of every past schema open and upgrade; a step that fails leaves the one before. */
import { expect, it } from 'vitest'
import { type Migration, migrate, migrations, schemaVersionOf } from '../../src/vault/migrations/migrate.ts'
import { vaultOfSchema } from '../support/oldVault.ts'
import {
  bytesOf,
  enrolEntry,
  fingerprint,
  model,
  passphrase,
  rawDatabase,
  referenceOf,
  reopened,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const past = migrations.slice(0, -1).map(({ number }) => number)
const newest = migrations.at(-1)?.number ?? 0
const ada = { id: 'R-1', name: 'Ada', model, references: [{ template: templateOf('a'), sample: bytesOf('picture', 9000) }] }
const blaise = { id: 'R-2', name: 'Blaise', model, references: [{ template: templateOf('b'), sample: null }] }

it.each(past)('a vault of schema %i is opened, upgraded, and rotated away from the epoch that had no salt', async (schema) => {
  const folder = temporaryFolder()
  await vaultOfSchema(folder, passphrase, schema, [ada, blaise])
  const vault = await reopened(folder)
  expect(vault.subjects.all()).toMatchObject([
    { id: 'R-1', name: 'Ada', references: 1 },
    { id: 'R-2', name: 'Blaise', references: 1 },
  ])
  expect(vault.references.ofSubject('R-1', model)?.map(({ template }) => template)).toEqual([templateOf('a')])
  expect(Buffer.compare(vault.references.newestSample('R-1') ?? Buffer.alloc(0), bytesOf('picture', 9000))).toBe(0)
  expect(vault.subjects.search({ query: 'blai', limit: 10, after: 0 }).subjects).toMatchObject([{ id: 'R-2' }])
  expect(vault.recovery.state()).toBe('none')
  vault.enrolments.commit({ id: 'R-1', references: [referenceOf('c')], audit: enrolEntry })
  let job = vault.rotation.begin({ deep: false, audit: { ...enrolEntry, event: 'vault.rotate' } })
  while (job.state === 'running') job = vault.rotation.step(job.id)
  expect(job).toMatchObject({ state: 'done', done: 2 })
  const report = await vault.upkeep.run({ thorough: true })
  expect(report.checks.flatMap(({ problems }) => problems)).toEqual([])
  vault.close()
  const raw = await rawDatabase(folder)
  expect(schemaVersionOf(raw)).toBe(newest)
  expect(raw.prepare('SELECT epoch, length(salt) AS bytes FROM epochs').all()).toEqual([{ epoch: 2, bytes: 32 }])
  raw.close()
  const again = await reopened(folder)
  expect(again.subjects.get('R-1')).toMatchObject({ name: 'Ada', references: 1 })
  expect(again.audit.verify().ok).toBe(true)
})

it.each(past.filter((schema) => schema >= 13))(
  'an older row in a vault of schema %i is refused, and the vault left as it is',
  async (schema) => {
    const folder = temporaryFolder()
    await vaultOfSchema(folder, passphrase, schema, [ada, blaise])
    const raw = await rawDatabase(folder, { digest: 'kept' })
    expect(raw.prepare('SELECT rows_schema FROM audit_head').pluck().get()).toBe(schema)
    raw.exec('UPDATE subjects SET version = 9 WHERE subject_no = 1')
    raw.close()
    await expect(reopened(folder)).rejects.toMatchObject({ code: 'vault.damaged' })
    const after = await rawDatabase(folder, { digest: 'kept' })
    expect(schemaVersionOf(after)).toBe(schema)
    after.close()
  },
)

it('a digest of rows that an earlier schema made otherwise is no damage: the upgraded vault has one of its own', async () => {
  const folder = temporaryFolder()
  await vaultOfSchema(folder, passphrase, 12, [ada])
  const raw = await rawDatabase(folder, { digest: 'kept' })
  raw.exec('UPDATE audit_head SET rows_schema = 12, rows_digest = zeroblob(32), rows_mac = zeroblob(32)')
  raw.close()
  const vault = await reopened(folder)
  expect(vault.subjects.get('R-1')).toMatchObject({ name: 'Ada' })
  vault.close()
  const upgraded = await rawDatabase(folder, { digest: 'kept' })
  expect(upgraded.prepare('SELECT rows_schema FROM audit_head').pluck().get()).toBe(newest)
  upgraded.exec('UPDATE subjects SET version = 9')
  upgraded.close()
  await expect(reopened(folder)).rejects.toMatchObject({ code: 'vault.damaged' })
})

it('a step that fails in the middle leaves the vault of before, which opens when the fault is gone', async () => {
  for (const failing of migrations.filter(({ number }) => number > 1)) {
    const folder = temporaryFolder()
    const schema = past.filter((number) => number < failing.number).at(-1) as number
    await vaultOfSchema(folder, passphrase, schema, [ada])
    const before = fingerprint(folder)['vault.db']
    const steps: Migration[] = migrations.map((step) => ({
      ...step,
      run: (database) => {
        step.run(database)
        if (step === failing) throw new Error('cut off')
      },
    }))
    const raw = await rawDatabase(folder, { digest: 'kept' })
    expect(() => migrate(raw, steps)).toThrow('cut off')
    expect(schemaVersionOf(raw)).toBe(schema)
    raw.close()
    expect(fingerprint(folder)['vault.db']).toBe(before)
    const vault = await reopened(folder)
    expect(vault.subjects.get('R-1')?.name).toBe('Ada')
    vault.close()
  }
})
