/** Evaluation over a folder of drawn faces, by the command as people type it, against the built station. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { viewOf } from '../../src/core/portraitViews.ts'
import { codeOf } from '../support/codeOf.ts'
import { drawnJpeg } from '../support/drawnFrames.ts'
import { starterPackThere } from '../support/facePack.ts'
import { openTestStation, type TestStation } from '../support/station.ts'

describe.skipIf(!starterPackThere)('evaluation of drawn faces (needs the starter pack)', () => {
  const outer = mkdtempSync(join(tmpdir(), 'vultus-evaluate-'))
  const folder = join(outer, 'set')
  let station: TestStation

  beforeAll(async () => {
    station = await openTestStation({ kind: 'none' })
    mkdirSync(join(folder, 'pictures'), { recursive: true })
    const lines = ['file,person,group']
    const attacks = ['file,species']
    for (const subject of [0, 1, 2, 3]) {
      for (const variation of [0, 1]) {
        const file = `pictures/${subject}-${variation}.jpg`
        writeFileSync(join(folder, file), await drawnJpeg(drawnSubjects[subject]!, viewOf(variation)))
        lines.push(`${file},subject ${subject},${subject < 2 ? 'first' : 'second'}`)
        attacks.push(`${file},${subject === 0 ? 'bonaFide' : 'print'}`)
      }
    }
    lines.push('pictures/missing.jpg,subject 3,second', '../outside.jpg,subject 3,second')
    writeFileSync(join(folder, 'people.csv'), lines.join('\n'))
    writeFileSync(join(folder, 'pad.csv'), attacks.join('\n'))
    writeFileSync(join(folder, 'bad.csv'), 'file,person\na.jpg,b')
    writeFileSync(join(outer, 'outside.jpg'), '')
  }, 120_000)
  afterAll(async () => {
    await station.close()
    rmSync(outer, { recursive: true, force: true })
  })

  test('groups have failure to enrol, FNMR and FMR with intervals', async () => {
    const report = await station.call('evaluation.run', { groups: join(folder, 'people.csv') })
    expect(report).toMatchObject({ pictures: 10, demographics: 'measured for each group', pad: null })
    expect(report.groups!.groups).toMatchObject([
      { group: 'first', pictures: 4, people: 2, failureToEnrol: { count: 0, of: 4 }, fnmr: { count: 0, of: 2 }, fmr: { count: 0, of: 4 } },
      { group: 'second', pictures: 6, people: 2, failureToEnrol: { count: 2, of: 6 }, fnmr: { count: 0, of: 2 }, fmr: { count: 0, of: 4 } },
    ])
    expect(report.groups!.groups[0]!.fmr.high).toBeGreaterThan(0.5)
    expect(report.refused).toEqual([
      { file: 'pictures/missing.jpg', reason: 'picture.missing' },
      { file: '../outside.jpg', reason: 'picture.missing' },
    ])
  })

  test('attacks without a model that assesses them claim nothing, and demographics are unknown', async () => {
    const report = await station.call('evaluation.run', { pad: folder })
    expect(report).toMatchObject({ pictures: 8, demographics: 'demographic performance unknown', groups: null })
    expect(report.pad).toMatchObject({
      assessed: false,
      apcerMax: null,
      bpcer: { of: 0, rate: null },
      apcer: [{ species: 'print', of: 0 }],
    })
  })

  test('a list that is missing or lacks a column is refused', async () => {
    expect(await codeOf(station.call('evaluation.run', { groups: join(folder, 'bad.csv') }))).toBe('request.invalid')
    expect(await codeOf(station.call('evaluation.run', { groups: join(folder, 'none.csv') }))).toBe('file.unreadable')
    expect(await codeOf(station.call('evaluation.run', {}))).toBe('request.invalid')
  })

  test('quality is told with the worst component first', async () => {
    const image = await drawnJpeg(drawnSubjects[0]!, { ...viewOf(0), yaw: 30 })
    const { assessment, notMeasured } = await station.call('face.quality', { image, preset: 'verification' })
    expect(assessment).toMatchObject({ preset: 'verification', verdict: 'refuse', components: expect.any(Array) })
    expect(assessment.components[0]).toMatchObject({ component: 'yaw', verdict: 'refuse', side: 'high' })
    expect(Object.keys(notMeasured)).toContain('noHeadCoverings')
  })
})
