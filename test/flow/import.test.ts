/** Bulk import in a station with its real processes: what becomes of each row, decisions, the audit, and a desk that works meanwhile. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../src/contract/records.ts'
import type { OutputOf } from '../../src/contract/table.ts'
import type { SubjectId } from '../../src/contract/types.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { codeOf } from '../support/codeOf.ts'
import { drawInto } from '../support/drawnPeople.ts'
import { folderOfTests } from '../support/folderOfTests.ts'
import { openTestStation, type TestStation } from '../support/station.ts'

const supervisor: Actor = { role: 'supervisor', door: 'ipc' }
const operator: Actor = { role: 'operator', door: 'ipc' }

const folder = folderOfTests()
let station: TestStation
beforeAll(async () => {
  for (const subject of [0, 1, 2, 3, 4, 5]) {
    for (const view of [0, 1]) await drawInto(join(folder, 'pictures', `${subject}-${view}.jpg`), drawnSubjects[subject], view)
  }
  station = await openTestStation()
})
afterAll(() => station.close())

const ended = async () => {
  const state = async () => (await station.call('job.list', {})).jobs.find(({ kind }) => kind === 'import')?.state
  await expect.poll(state, { timeout: 50_000, interval: 50 }).not.toBe('running')
  return await state()
}
const outcomesOf = ({ rows }: OutputOf<'import.report'>) => rows.map(({ number, outcome, code }) => [number, outcome, code])
const pictureOf = (subject: number, view: number) => new Uint8Array(readFileSync(join(folder, 'pictures', `${subject}-${view}.jpg`)))

it('imports a list with a byte order mark and semicolons, says what became of each row, and skips what is there', async () => {
  writeFileSync(join(folder, 'pictures', 'text.jpg'), 'this is no picture')
  writeFileSync(join(folder, 'outside.jpg'), pictureOf(5, 0))
  symlinkSync(join(folder, 'outside.jpg'), join(folder, 'pictures', 'link.jpg'))
  const list = join(folder, 'pictures', 'people.csv')
  const rows = [
    'Nummer;Name;Ausweis;Bild',
    'R-0;"Ada; Beispiel";X1;0-0.jpg',
    'R-1;Jürgen Beispiel;X2;.\\1-0.jpg',
    'R-1;Ein anderer;X3;2-0.jpg',
    'R-3;Grace;X4;text.jpg',
    'R-4;Linus;X5;fehlt.jpg',
    'R-5;Mary;X6;../outside.jpg',
    'R-6;Joan;X7;link.jpg',
    'R 7;Karl;X8;2-0.jpg',
    '=1+1;Eva;X9;2-0.jpg',
    'R-9;Doppelt;X10;0-1.jpg',
    'R-10;Rosa;X11;2-0.jpg',
  ]
  writeFileSync(list, `\uFEFF${rows.join('\r\n')}\r\n`)
  expect(await codeOf(() => station.call('import.start', { source: list }, operator))).toBe('permission.denied')
  expect(await codeOf(() => station.call('import.report', {}, supervisor))).toBe('job.unknown')
  const { job, unreadColumns } = await station.call('import.start', { source: list }, supervisor)
  expect(job).toMatchObject({ kind: 'import', state: 'running', total: 11, owner: 'supervisor' })
  expect(unreadColumns).toEqual(['Ausweis'])
  expect(await ended()).toBe('done')

  const report = await station.call('import.report', { outcome: 'all' }, supervisor)
  expect(report).toMatchObject({
    kind: 'list',
    source: list,
    readable: true,
    counts: { enrolled: 3, suspected: 1, refused: 7, skipped: 0, added: 0, dismissed: 0 },
  })
  expect(outcomesOf(report)).toEqual([
    ['R-0', 'enrolled', null],
    ['R-1', 'enrolled', null],
    ['R-1', 'refused', 'import.numberTaken'],
    ['R-3', 'refused', 'picture.undecodable'],
    ['R-4', 'refused', 'picture.missing'],
    ['R-5', 'refused', 'import.pathOutside'],
    ['R-6', 'refused', 'import.pathOutside'],
    ['R 7', 'refused', 'import.rowInvalid'],
    ['=1+1', 'refused', 'import.rowInvalid'],
    ['R-9', 'suspected', 'import.suspected'],
    ['R-10', 'enrolled', null],
  ])
  expect(report.rows[9]).toMatchObject({ row: 10, line: 11, name: 'Doppelt', picture: '0-1.jpg', candidates: [{ id: 'R-0' }] })
  expect((await station.call('subject.get', { id: 'R-0' as SubjectId })).name).toBe('Ada; Beispiel')

  // As a file: in pages, quoted, and no formula.
  const csv = await station.call('import.export', {}, supervisor)
  expect(csv.next).toBeNull()
  expect(csv.lines[0]).toBe('\uFEFFrow,line,number,name,picture,outcome,code,detail,message,remedy,candidates')
  expect(csv.lines.find((line) => line.startsWith('9,'))).toMatch(/^9,10,'=1\+1,Eva,2-0\.jpg,refused,import\.rowInvalid,number: /)
  const json = await station.call('import.export', { format: 'json', outcome: 'suspected' }, supervisor)
  expect(JSON.parse(json.lines.join('\n'))).toMatchObject([{ number: 'R-9', candidates: [{ id: 'R-0' }] }])

  await station.call('import.start', { source: list, duplicates: 'refuse' }, supervisor)
  expect(await ended()).toBe('done')
  const again = await station.call('import.report', { outcome: 'all' }, supervisor)
  expect(again.counts).toMatchObject({ enrolled: 0, skipped: 4, suspected: 0, refused: 7 })
  expect(again.rows[9]).toMatchObject({ outcome: 'refused', code: 'duplicate.found' })
  expect((await station.call('subject.get', { id: 'R-0' as SubjectId })).history).toHaveLength(1)
})

it('lets a supervisor decide on who looks alike: another person, the same one, or left out', async () => {
  const rows = ['D-1,Eine,0-1.jpg', 'D-2,Zwei,1-1.jpg', 'D-3,Drei,2-1.jpg', 'D-4,Vier,2-1.jpg']
  const list = join(folder, 'pictures', 'alike.csv')
  writeFileSync(list, ['number,name,picture', ...rows].join('\n'))
  const { job } = await station.call('import.start', { source: list }, supervisor)
  expect(await ended()).toBe('done')
  const waiting = await station.call('import.report', { job: job.id, outcome: 'suspected' }, supervisor)
  expect(waiting.rows.map(({ row, candidates }) => [row, ...candidates.map(({ id }) => id)])).toEqual([
    [1, 'R-0'],
    [2, 'R-1'],
    [3, 'R-10'],
    [4, 'R-10'],
  ])
  const { sample } = await station.call('import.picture', { job: job.id, row: 1 }, supervisor)
  expect([...sample.subarray(0, 2)]).toEqual([0xff, 0xd8])
  const decide = (row: number, decision: 'different' | 'same' | 'dismiss', subject?: string) =>
    station.call(
      'import.decide',
      { job: job.id, row, decision, ...(subject === undefined ? {} : { subject: subject as SubjectId }) },
      supervisor,
    )
  expect(await codeOf(() => station.call('import.decide', { job: job.id, row: 1, decision: 'dismiss' }, operator))).toBe(
    'permission.denied',
  )
  expect(await codeOf(() => decide(1, 'same'))).toBe('request.invalid')
  expect(await codeOf(() => decide(1, 'same', 'nobody'))).toBe('subject.unknown')
  expect(await codeOf(() => decide(9, 'dismiss'))).toBe('import.rowUnknown')
  expect(await decide(1, 'different')).toMatchObject({ outcome: 'enrolled', id: 'D-1' })
  expect(await codeOf(() => decide(1, 'dismiss'))).toBe('import.rowUnknown')
  expect(await decide(2, 'same', 'R-1')).toMatchObject({ outcome: 'added', id: 'R-1' })
  expect((await station.call('subject.get', { id: 'R-1' as SubjectId })).history).toHaveLength(2)
  expect((await station.call('subject.get', { id: 'R-1' as SubjectId })).name).toBe('Jürgen Beispiel')
  expect(await decide(3, 'dismiss')).toMatchObject({ outcome: 'dismissed', id: null })
  // Whoever was enrolled since is somebody on whom nobody has decided yet.
  const { captureId } = await station.call('capture.fromPicture', { picture: pictureOf(2, 0) })
  await station.call('subject.enrol', { id: 'R-11' as SubjectId, captureIds: [captureId], allowDuplicate: true })
  expect(await codeOf(() => decide(4, 'different'))).toBe('duplicate.found')
  const shown = await station.call('import.report', { job: job.id, outcome: 'suspected' }, supervisor)
  expect(shown.rows.map(({ candidates }) => candidates.map(({ id }) => id).sort())).toEqual([['R-10', 'R-11']])
  // A list that says something else now is not what was decided upon.
  writeFileSync(list, ['number,name,picture', ...rows.slice(0, 3), 'D-4,Vier,3-0.jpg'].join('\n'))
  expect(await codeOf(() => decide(4, 'different'))).toBe('import.sourceChanged')
  expect((await station.call('import.report', { job: job.id, outcome: 'suspected' }, supervisor)).readable).toBe(false)
  writeFileSync(list, ['number,name,picture', ...rows].join('\n'))
  expect(await decide(4, 'different')).toMatchObject({ outcome: 'enrolled', id: 'D-4' })
})

it('keeps names, numbers and paths out of the audit, and what links rows to a subject goes with it', async () => {
  const { records: entries } = await station.call('audit.list', { limit: 500 })
  const text = JSON.stringify(entries)
  for (const secret of ['Beispiel', 'Jürgen', 'R-10', 'D-1', 'people.csv', '0-1.jpg', folder]) expect(text).not.toContain(secret)
  const of = (event: string) => entries.filter((entry) => entry.event === event && entry.outcome === 'done')
  expect(of('import.decide')).toHaveLength(4)
  expect(of('import.start').filter(({ details }) => details?.phase === 'done')).toHaveLength(3)
  expect(of('subject.enrol').filter(({ details }) => details?.job !== undefined)).toHaveLength(3)
  const [first] = (await station.call('job.list', {})).jobs.filter(({ kind }) => kind === 'import').slice(-1)
  await station.call('subject.erase', { id: 'R-0' as SubjectId })
  const report = await station.call('import.report', { job: first?.id, outcome: 'all' }, supervisor)
  expect(report.rows[0]).toMatchObject({ outcome: 'enrolled', number: null, name: null })
  expect(report.rows[9]).toMatchObject({ outcome: 'suspected', candidates: [] })
  expect((await station.call('audit.verify', {})).ok).toBe(true)
  expect((await station.call('vault.maintain', { thorough: true })).ok).toBe(true)
})

it('pauses, goes on, is cancelled, and leaves the desk to others meanwhile', async () => {
  const crowd = join(folder, 'crowd')
  for (let no = 0; no < 12; no++) await drawInto(join(crowd, `C-${no}`, 'a.jpg'), drawnSubjects[3], no % 2)
  const { job } = await station.call('import.start', { source: crowd }, supervisor)
  expect(await codeOf(() => station.call('import.start', { source: crowd }, supervisor))).toBe('job.notPossible')
  const { captureId } = await station.call('capture.fromPicture', { picture: pictureOf(4, 0) })
  await station.call('subject.enrol', { id: 'DESK' as SubjectId, captureIds: [captureId] }, operator)
  const meanwhile = (await station.call('job.list', {})).jobs[0]
  expect(meanwhile?.state).toBe('running')
  const { job: paused } = await station.call('job.pause', { id: job.id }, supervisor)
  expect(paused).toMatchObject({ state: 'paused' })
  expect(paused.done).toBeLessThan(12)
  const { job: resumed } = await station.call('import.resume', {}, supervisor)
  expect(resumed).toMatchObject({ id: job.id, state: 'running', done: paused.done })
  await expect
    .poll(async () => (await station.call('job.list', {})).jobs[0]?.done, { timeout: 20_000, interval: 20 })
    .toBeGreaterThan(paused.done)
  const { job: cancelled } = await station.call('job.cancel', { id: job.id }, supervisor)
  expect(cancelled.state).toBe('cancelled')
  expect(await codeOf(() => station.call('import.resume', { job: job.id }, supervisor))).toBe('job.notPossible')
  const { counts } = await station.call('import.report', { job: job.id }, supervisor)
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(cancelled.done)
})

it('goes on after the face process was ended, with every row done once', async () => {
  const few = join(folder, 'few')
  for (let no = 0; no < 6; no++) await drawInto(join(few, `F-${no}.jpg`), drawnSubjects[5], no % 2)
  const { job } = await station.call('import.start', { source: few }, supervisor)
  await expect.poll(async () => (await station.call('job.list', {})).jobs[0]?.done, { timeout: 20_000, interval: 10 }).toBeGreaterThan(0)
  station.children.findLast(({ entry }) => entry === 'face')?.child.kill()
  expect(await ended()).toBe('done')
  const report = await station.call('import.report', { job: job.id, outcome: 'all' }, supervisor)
  expect(report.counts).toMatchObject({ enrolled: 1, suspected: 5, refused: 0 })
})
