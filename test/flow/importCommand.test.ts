/** Bulk import by the built command line: killed in the middle, stopped by Ctrl-C, and with its reports in files. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { drawInto, drawnPeople } from '../support/drawnPeople.ts'
import { folderOfTests } from '../support/folderOfTests.ts'
import { ended, type Running, start } from '../support/program.ts'

const peopleCount = 14
const kills = 3

const folder = folderOfTests()
let list = ''
const at = (name: string) => join(folder, name)

const begin = (data: string, argv: readonly string[]) =>
  start([...argv, '--data', at(data)], { env: { ...process.env, VULTUS_PASSPHRASE: 'a passphrase for the flow test' }, cwd: folder })
const vultus = (data: string, ...argv: string[]) => ended(begin(data, [...argv, '--json']))

/** Resolves when the progress on stderr has told so many rows. */
function told(child: Running, rows: number): Promise<void> {
  let text = ''
  return new Promise((done, failed) => {
    child.stderr.on('data', (part) => {
      text += part
      const last = [...text.matchAll(/import: running, (\d+) of/g)].at(-1)?.[1]
      if (last !== undefined && Number(last) >= rows) done()
    })
    child.once('close', () => failed(new Error(`ended before row ${rows}: ${text}`)))
  })
}

const subjectsIn = async (data: string): Promise<string[]> =>
  (await vultus(data, 'subjects')).json.subjects.map(({ id, references }: { id: string; references: number }) => `${id} ${references}`)

beforeAll(async () => {
  const people = drawnPeople(peopleCount, 11)
  const rows: string[] = ['number\tpicture\tname']
  for (const [no, person] of people.entries()) {
    await drawInto(at(`pictures/${no}.jpg`), person, 0)
    rows.push(`P-${no}\tpictures/${no}.jpg\tPerson ${no}`)
    // Wrong rows in between.
    if (no % 4 === 1) rows.push(`W-${no}\tpictures/none-${no}.jpg\t`)
  }
  list = at('people.tsv')
  writeFileSync(list, rows.join('\n'))
  for (const data of ['whole', 'killed', 'stopped']) expect((await vultus(data, 'init', '--key', 'passphrase')).code).toBe(0)
})

it('killed in the middle, again and again, ends with the same subjects as without, each enrolled once', async () => {
  const whole = await vultus('whole', 'import', 'people.tsv')
  expect(whole.code).toBe(3)
  expect(whole.json.counts.refused).toBe(4)
  expect(whole.json.counts.enrolled + whole.json.counts.suspected).toBe(peopleCount)

  let argv = ['import', list]
  for (let kill = 1; kill <= kills; kill++) {
    const child = begin('killed', argv)
    const end = ended(child)
    await told(child, kill * 3)
    child.kill('SIGKILL')
    expect((await end).signal).toBe('SIGKILL')
    argv = ['import', 'resume']
  }
  const resumed = await vultus('killed', ...argv)
  expect(resumed.code).toBe(3)
  expect(resumed.json.job).toMatchObject({ state: 'done', done: peopleCount + 4, total: peopleCount + 4 })
  expect(resumed.json.counts).toEqual(whole.json.counts)
  expect(await subjectsIn('killed')).toEqual(await subjectsIn('whole'))
  expect((await vultus('killed', 'audit', 'verify')).code).toBe(0)
  expect((await vultus('killed', 'vault', 'maintain', '--thorough')).json.ok).toBe(true)
}, 180_000)

it('Ctrl-C pauses and says how to go on; the reports go to new files', async () => {
  const child = begin('stopped', ['import', list])
  const end = ended(child)
  await told(child, 3)
  child.kill('SIGINT')
  const stopped = await end
  expect(stopped.code).toBe(130)
  expect(stopped.stderr).toMatch(/paused, \d+ of 18; to go on: vultus import resume\n$/)
  const [job] = (await vultus('stopped', 'jobs')).json.jobs
  expect(job).toMatchObject({ kind: 'import', state: 'paused' })
  // Nothing goes on by itself: what was paused waits for somebody.
  await sleep(500)
  expect((await vultus('stopped', 'jobs')).json.jobs[0].done).toBe(job.done)
  const resumed = await vultus('stopped', 'import', 'resume')
  expect(resumed.json.job).toMatchObject({ id: job.id, state: 'done' })
  expect(resumed.json.counts.refused).toBe(4)

  expect((await vultus('stopped', 'import', 'export', '--outcome', 'refused', '--out', 'refused.csv')).json.lines).toBe(5)
  const lines = readFileSync(at('refused.csv'), 'utf8').trimEnd().split('\n')
  expect(lines.slice(1).map((line) => line.split(',').slice(0, 7).join(','))).toEqual(
    [3, 8, 13, 18].map((row, index) => `${row},${row + 1},W-${index * 4 + 1},,pictures/none-${index * 4 + 1}.jpg,refused,picture.missing`),
  )
  expect((await vultus('stopped', 'import', 'export', '--format', 'json', '--out', 'rows.json')).code).toBe(0)
  expect(JSON.parse(readFileSync(at('rows.json'), 'utf8'))).toHaveLength(resumed.json.counts.refused + resumed.json.counts.suspected)
  expect((await vultus('stopped', 'import', 'export', '--out', 'refused.csv')).json.error.code).toBe('file.unwritable')
}, 120_000)

it('refuses what cannot be imported before anything is done', async () => {
  const codeOf = async (...argv: string[]) => {
    const { code, json } = await vultus('whole', 'import', ...argv)
    return [code, json.error.code]
  }
  writeFileSync(at('latin.csv'), Buffer.from('number,picture,name\nR-1,a.jpg,J\xfcrgen\n', 'latin1'))
  writeFileSync(at('columns.csv'), 'Kennzahl,picture\nR-1,a.jpg\n')
  symlinkSync(at('nowhere'), at('dangling.csv'))
  expect(await codeOf('nothing')).toEqual([2, 'import.sourceUnreadable'])
  expect(await codeOf('dangling.csv')).toEqual([2, 'import.sourceUnreadable'])
  expect(await codeOf('latin.csv')).toEqual([2, 'import.listInvalid'])
  expect(await codeOf('columns.csv')).toEqual([2, 'import.listInvalid'])
  expect(await codeOf('pictures/0.jpg')).toEqual([2, 'import.listInvalid'])
  expect(await codeOf('columns.csv', '--number-column', 'Kennzahl', '--picture-column', 'Kennzahl')).toEqual([2, 'import.listInvalid'])
  expect(await codeOf('resume', '--job', '00000000-0000-4000-8000-000000000000')).toEqual([6, 'job.unknown'])
})
