/** Every procedure has a command, or a reason why it has none. */
import { expect, it } from 'vitest'
import { procedureNames } from '../../../src/contract/table.ts'
import { commandRows } from '../../../src/doors/command/run.ts'
import { fakeStation, inputsOf } from '../../support/fakeStation.ts'
import { runFake } from '../../support/runFake.ts'

const pictures = 'commands that take pictures make captures of them'
const guided = 'a window with a live camera asks for it; a command has no camera'
const endpoint = 'made for the service endpoints, which "vultus serve" offers'
const ofConnection = 'a command signs in with --as and ends with its call'
const ofWindow = 'language, theme and camera of the window; a command has none of them'

const withoutCommand: Readonly<Record<string, string>> = {
  'vault.unlock': 'every command opens the vault itself, with VULTUS_PASSPHRASE or the terminal',
  'capture.open': pictures,
  'capture.guide': guided,
  'camera.level': guided,
  'liveness.start': guided,
  'liveness.cancel': guided,
  'capture.close': pictures,
  'capture.take': pictures,
  'capture.fromPicture': pictures,
  'capture.drop': pictures,
  'picture.process': endpoint,
  'comparison.score': endpoint,
  'health.get': endpoint,
  'template.store': endpoint,
  'template.retrieve': endpoint,
  'template.findMatches': endpoint,
  'subject.picture': 'pictures of subjects are shown in the window and leave by no other door',
  'import.look': 'vultus import names the columns that it did not read',
  'client.current': endpoint,
  'place.list': 'a shell shows folders by itself',
  'import.picture': 'shown in the window beside the picture of a candidate',
  'exception.proof': 'pictures of subjects are shown in the window and leave by no other door',
  'inbox.count': 'part of "vultus inbox"',
  'inbox.decideHere': 'a command signs the supervisor in with --as',
  'station.figures': 'figures of the moment, drawn in the health area of the window',
  'subject.proposeNumber': 'proposed while somebody fills in the form of the window',
  'draft.save': 'a command does its work in one call and leaves nothing half done',
  'backup.progress': 'shown on stderr while "vultus back-up" and "vultus restore" work',
  'evaluation.progress': 'shown on stderr while "vultus evaluate" and "vultus calibrate" work',
  'evaluation.cancel': 'Ctrl-C of "vultus evaluate" and "vultus calibrate"',
  'demo.portrait': 'part of "vultus start --demo"',
  'desk.settings': ofWindow,
  'desk.change': ofWindow,
  'consent.change': 'a text in several languages is written in the settings of the window',
  'operator.signIn': ofConnection,
  'operator.signOut': ofConnection,
  'operator.lock': ofConnection,
  'operator.current': ofConnection,
}

it('every procedure has a command or a reason for none', () => {
  const offered = new Set<string>(commandRows().map(({ name }) => name))
  expect(procedureNames.filter((name) => !offered.has(name)).sort()).toEqual(Object.keys(withoutCommand).sort())
  for (const reason of Object.values(withoutCommand)) expect(reason.length).toBeGreaterThan(20)
})

it('yes, no and never reach the vault as true, false and null, and anything else is refused', async () => {
  const inputOf = async (line: string) => {
    const station = fakeStation()
    const { code } = await runFake([...line.split(' '), '--json'], { station })
    return { code, input: inputsOf(station, 'vault.settings')[0] }
  }
  expect(await inputOf('vault settings')).toEqual({ code: 0, input: {} })
  expect(await inputOf('vault settings --samples-kept no --superseded-days 30')).toEqual({
    code: 0,
    input: { samplesKept: false, supersededDays: 30 },
  })
  expect(await inputOf('vault settings --samples-kept yes --superseded-days never')).toEqual({
    code: 0,
    input: { samplesKept: true, supersededDays: null },
  })
  for (const wrong of ['--samples-kept maybe', '--superseded-days soon', '--superseded-days -1']) {
    expect(await inputOf(`vault settings ${wrong}`)).toEqual({ code: 2, input: undefined })
  }
})
