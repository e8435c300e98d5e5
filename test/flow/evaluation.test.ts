/** Evaluation and calibration over drawn people: the built program, real processes, a vault on the disk. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EvaluationReport } from '../../src/contract/evaluation.ts'
import { lightLadder } from '../../src/core/evaluation/light.ts'
import { drawPortrait } from '../../src/face/drawing.ts'
import { folderOfTests } from '../support/folderOfTests.ts'
import { ended, start } from '../support/program.ts'
import { openTestStation, type TestStation } from '../support/station.ts'

const subjects = 8
const views = 3
const pictures = subjects * views
const matePairs = (subjects * views * (views - 1)) / 2
const impostorPairs = (pictures * (pictures - 1)) / 2 - matePairs

const folder = folderOfTests()
const people = () => join(folder, 'people')

const begin = (...argv: string[]) => start([...argv, '--data', join(folder, 'data')])

async function evaluated(...argv: string[]): Promise<EvaluationReport> {
  const { code, stdout, stderr } = await ended(begin('evaluate', ...argv, '--json'))
  expect([code, stderr.includes('vultus:')]).toEqual([0, false])
  return EvaluationReport.strict().parse(JSON.parse(stdout))
}

beforeAll(async () => {
  for (let subject = 0; subject < subjects; subject++) {
    const person = join(people(), `person-${subject}`)
    mkdirSync(person, { recursive: true })
    for (let view = 0; view < views; view++)
      writeFileSync(join(person, `${String(view + 1).padStart(4, '0')}.jpg`), await drawPortrait(subject, view))
  }
})

describe('vultus evaluate', () => {
  it('answers with the rates of a folder, tells what it refused, and writes a page', async () => {
    const broken = join(people(), 'person-0', 'broken.jpg')
    const wall = join(people(), 'person-1', 'wall.png')
    writeFileSync(broken, 'no picture')
    writeFileSync(
      wall,
      await sharp({ create: { width: 320, height: 240, channels: 3, background: '#aab' } })
        .png()
        .toBuffer(),
    )
    const page = join(folder, 'report.html')
    const report = await evaluated(people(), '--out', page)
    rmSync(broken)
    rmSync(wall)
    expect(report).toMatchObject({ pictures: pictures + 2, enrolled: pictures, people: subjects, matePairs, impostorPairs, exact: true })
    expect(report.refused).toEqual([
      { file: 'person-0/broken.jpg', reason: 'picture.undecodable' },
      { file: 'person-1/wall.png', reason: 'face.none' },
    ])
    expect(report.eer).toBeLessThan(0.05)
    for (const { fmr, fnmr, threshold, low, high, supported } of report.fnmr) {
      expect(supported).toBe(impostorPairs >= 1 / fmr)
      if (fnmr === null || threshold === null) continue
      expect(low <= fnmr && fnmr <= high).toBe(true)
    }
    expect(report.light.map(({ light }) => light)).toEqual(lightLadder.map(({ name }) => name))
    // The nearer to the light as it was, the less a face changes.
    const means = report.light.slice(0, 3).map(({ scoreMean }) => scoreMean!)
    expect(means).toEqual([...means].sort((a, b) => a - b))
    expect(report.demographics).toBe('demographic performance unknown')
    const html = readFileSync(page, 'utf8')
    expect(html).toContain('<svg')
    expect(html).not.toMatch(/<script|\bsrc=|\bhref=/)
  })

  it('compares listed pairs only, and people in groups', async () => {
    const pairs = join(folder, 'pairs.txt')
    writeFileSync(pairs, '1\t2\nperson-0\t1\t2\nperson-1\t1\t3\nperson-2\t2\tperson-3\t1\n')
    expect(await evaluated(people(), '--pairs', pairs, '--plain')).toMatchObject({ pictures: 6, matePairs: 2, impostorPairs: 1, light: [] })
    const groups = join(folder, 'groups.csv')
    const lines = Array.from({ length: subjects }, (_, subject) => `person-${subject},${subject % 2 === 0 ? 'even' : 'odd'}`)
    writeFileSync(groups, ['person,group', ...lines].join('\n'))
    const report = await evaluated(people(), '--groups', groups, '--plain')
    expect(report.demographics).toBe('measured for each group')
    const half = (subjects / 2) * views
    const mates = matePairs / 2
    expect(report.groups!.groups.map(({ group, failureToEnrol, fnmr, fmr }) => [group, failureToEnrol.of, fnmr.of, fmr.of])).toEqual([
      ['even', half, mates, (half * (half - 1)) / 2 - mates],
      ['odd', half, mates, (half * (half - 1)) / 2 - mates],
    ])
  })

  it('leaves nothing behind when it is stopped', async () => {
    const page = join(folder, 'stopped.html')
    const child = begin('evaluate', people(), '--out', page)
    const end = ended(child)
    let told = ''
    child.stderr.on('data', (part) => {
      told += part
    })
    await expect.poll(() => told, { timeout: 60_000 }).toContain('pictures: ')
    expect(existsSync(page)).toBe(true)
    child.kill('SIGINT')
    expect((await end).code).toBe(130)
    expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([])
  })

  it('refuses what is no folder of people, and a report that is there', async () => {
    const refusal = async (...argv: string[]) => (await ended(begin('evaluate', ...argv, '--json'))).json.error.code
    expect(await refusal(join(folder, 'nowhere'))).toBe('file.unreadable')
    expect(await refusal(join(people(), 'person-0'))).toBe('request.invalid')
    expect(await refusal(people(), '--pack', 'unknown')).toBe('model.unknown')
    expect(await refusal()).toBe('request.invalid')
    const page = join(folder, 'there.html')
    writeFileSync(page, 'mine')
    expect(await refusal(people(), '--out', page)).toBe('file.unwritable')
    expect(readFileSync(page, 'utf8')).toBe('mine')
  })
})

const photographs = join(process.env.VULTUS_TEST_DATA ?? '/nonexistent', 'faces', 'people')

describe.skipIf(!existsSync(photographs))('vultus evaluate on photographs of people (VULTUS_TEST_DATA)', () => {
  it('tells them all apart, as the figures in docs/accuracy.md say', async () => {
    const { enrolled, pictures, eer, fnmr, atWork } = await evaluated(photographs, '--plain')
    expect(enrolled).toBe(pictures)
    expect(eer).toBe(0)
    for (const { fnmr: rate, supported } of fnmr) if (supported) expect(rate).toBe(0)
    expect([atWork!.fnmr.count, atWork!.fmr.count]).toEqual([0, 0])
  })
})

describe('a calibration by the site', () => {
  let test: TestStation
  beforeAll(async () => {
    test = await openTestStation()
  })
  afterAll(() => test.close())

  const decision = async () => {
    const captureIds = []
    for (const view of [0, 1]) {
      const picture = new Uint8Array(await drawPortrait(0, view))
      captureIds.push((await test.call('capture.fromPicture', { picture, source: 'file' })).captureId)
    }
    return (await test.call('comparison.decide', { captureIds: captureIds as never, fmr: 1e-3 })).decision
  }
  const packOf = async () => (await test.call('model.list', {})).packs.find(({ id }) => id === 'starter')!

  it('holds from then on, supports no more than it showed, is recorded, and is taken back', async () => {
    const before = await packOf()
    expect(await decision()).toBe('match')
    const { calibration, rates } = await test.call('calibration.set', { folder: people() })
    expect(calibration).toMatchObject({ impostorPairs, matePairs, pictures, people: subjects, by: 'administrator' })
    expect(calibration!.provenance).toContain(calibration!.sha256)
    expect(rates.filter(({ supported }) => supported).map(({ fmr }) => fmr)).toEqual([0.1, 0.01])
    expect((await packOf()).calibration).toEqual({ impostorPairs, fmrMin: calibration!.points.at(-1)!.fmr })
    // One in a thousand is more than so few pairs show.
    expect(await decision()).toBe('inconclusive')
    const { records } = await test.call('audit.list', { event: 'calibration.set' })
    expect(records.map(({ outcome }) => outcome)).toEqual(['done'])
    await test.call('calibration.set', { remove: true })
    expect(await packOf()).toEqual(before)
    expect(await decision()).toBe('match')
  })

  it('is refused for too few pictures and can be cancelled', async () => {
    const few = join(folder, 'few')
    for (const person of ['person-0', 'person-1']) {
      mkdirSync(join(few, person), { recursive: true })
      writeFileSync(join(few, person, '1.jpg'), readFileSync(join(people(), person, '0001.jpg')))
    }
    await expect(test.call('calibration.set', { folder: few })).rejects.toMatchObject({ code: 'evaluation.tooSmall' })
    expect(await test.call('evaluation.cancel', {})).toEqual({ cancelled: false })
    const running = test.call('calibration.set', { folder: people() })
    running.catch(() => undefined)
    while ((await test.call('evaluation.progress', {})).stage === 'idle') await new Promise((done) => setTimeout(done, 20))
    expect(await test.call('evaluation.cancel', {})).toEqual({ cancelled: true })
    await expect(running).rejects.toMatchObject({ code: 'evaluation.cancelled' })
    expect(await test.call('evaluation.progress', {})).toEqual({ stage: 'idle', done: 0, total: 0 })
  })
})
