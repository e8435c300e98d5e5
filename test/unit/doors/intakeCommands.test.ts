/** Commands of the enrolment desk: JSON files in, a picture that may be left out, and the form as people read it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { builtInForm } from '../../../src/contract/form.ts'
import { fakeStation, inputsOf } from '../../support/fakeStation.ts'
import { folderOfTests } from '../../support/folderOfTests.ts'
import { runFake } from '../../support/runFake.ts'

const folder = folderOfTests()
const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const inputOf = async (procedure: string, ...words: string[]) => {
  const station = fakeStation()
  const ran = await runFake([...words, '--json'], { station })
  return { code: ran.code, input: inputsOf(station, procedure)[0], error: ran.json().error }
}

it('what a JSON file says reaches the station, with the mark of some editors or without', async () => {
  for (const mark of ['', '\uFEFF']) {
    const path = file('form.json', `${mark}${JSON.stringify(builtInForm)}`)
    expect(await inputOf('policy.setForm', 'policy', 'form', 'set', path)).toMatchObject({ code: 0, input: { policy: builtInForm } })
  }
  const [picture, values] = [file('face.jpg', 'bytes of a picture'), file('values.json', '{"born":"1815-12-10","height":170}')]
  expect(await inputOf('subject.enrol', 'enrol', '--id', 'R-1', '--form', values, picture)).toMatchObject({
    code: 0,
    input: { form: { born: '1815-12-10', height: 170 } },
  })
})

it('what is no JSON, no file or no policy is refused by name', async () => {
  const refusal = async (text: string) => (await inputOf('policy.setForm', 'policy', 'form', 'set', file('form.json', text))).error
  expect(await refusal('{"format":')).toMatchObject({ code: 'request.invalid', detail: 'form.json is not JSON' })
  expect(await refusal('[]')).toMatchObject({ code: 'request.invalid', detail: expect.stringContaining('policy') })
  expect(await refusal('{"format":"vultus.form/1","fields":[]}')).toMatchObject({ detail: expect.stringContaining('policy.fields') })
  expect((await inputOf('policy.setForm', 'policy', 'form', 'set', join(folder, 'none.json'))).error).toMatchObject({
    code: 'file.unreadable',
  })
})

it('an exception goes with a picture of a document or without one', async () => {
  const picture = file('document.jpg', 'bytes of a picture')
  const without = await inputOf('exception.propose', 'exception', '--id', 'R-1', '--reason', 'injury')
  expect(without).toMatchObject({ code: 0, input: { id: 'R-1', reason: 'injury', note: '' } })
  expect(without.input).not.toHaveProperty('proof')
  const given = await inputOf('exception.propose', 'exception', '--id', 'R-1', '--reason', 'injury', picture)
  expect((given.input as { proof: Uint8Array }).proof).toHaveLength('bytes of a picture'.length)
  expect((await inputOf('exception.propose', 'exception', '--id', 'R-1', '--reason', 'injury', picture, picture)).code).toBe(2)
})

it('the form is shown with its fields', async () => {
  const { stdout } = await runFake(['policy', 'form'])
  expect(stdout).toContain('The form that is built in:')
  expect(stdout).toContain('  number (Number): text, required')
})
