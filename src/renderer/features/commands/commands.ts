/** Every area and action that a role may use, by name, as the command palette and the sheet of keys offer them. */
import { Language, Theme } from '../../../contract/rows/desk.ts'
import type { Role } from '../../../contract/types.ts'
import { fill, text } from '../../locale/text.ts'
import { areaKey, areasOf, goTo, type HealthPart, showHealthPart, showKeys, toggleHidden, toggleMesh } from '../../state/desk.ts'
import { changeLook, useLook } from '../../state/look.ts'
import { lockDesk, signOut, useOperator } from '../../state/operator.ts'
import { refusalFor } from '../../state/station.ts'
import { nextPerson as nextEnrolment } from '../enrol/enrolling.ts'
import { saveFigures } from '../health/HealthScreen.tsx'
import { nextPerson as nextVerification } from '../verify/verifyStore.ts'

export interface Command {
  readonly id: string
  readonly words: string
  /** As keys.ts names it. */
  readonly chord?: string
  readonly run: () => void
}

/** Commands of who works here, in the order that they are shown. */
export function commandsFor(role: Role): readonly Command[] {
  const areas = areasOf(role)
  const signedIn = useOperator.getState().current?.state === 'signedIn'
  return [
    ...areas.map((area) => ({
      id: `go.${area}`,
      words: fill(text.commands.goTo, { area: text.areas[area] }),
      chord: areaKey(area),
      run: () => goTo(area),
    })),
    { id: 'find', words: text.commands.find, run: () => goTo('subjects') },
    {
      id: 'nextPerson',
      words: text.commands.nextPerson,
      run: () => {
        nextEnrolment()
        nextVerification()
        goTo('enrol')
      },
    },
    ...(areas.includes('accounts') ? [{ id: 'backUp', words: text.commands.backUp, run: () => goTo('settings') }] : []),
    ...(areas.includes('accounts')
      ? [
          { id: 'models', words: text.models.tabs.models, run: () => goToPart('models') },
          { id: 'clients', words: text.clients.title, run: () => goTo('settings') },
        ]
      : []),
    { id: 'figures', words: text.commands.health, run: () => void saveFigures() },
    ...(signedIn
      ? [
          { id: 'lock', words: text.keys.lock, chord: 'Ctrl L', run: () => void lockDesk() },
          { id: 'signOut', words: text.signIn.signOut, run: () => void signOut() },
        ]
      : []),
    { id: 'hide', words: text.keys.hide, chord: 'F9', run: toggleHidden },
    { id: 'mesh', words: text.keys.mesh, chord: 'M', run: toggleMesh },
    { id: 'mirror', words: text.commands.mirror, run: () => void changeLook({ mirrored: !useLook.getState().mirrored }).catch(refusalFor) },
    { id: 'keys', words: text.keys.all, chord: 'F1', run: () => showKeys(true) },
    ...Language.options.map((language) => ({
      id: `language.${language}`,
      words: fill(text.commands.language, { name: text.languages[language] }),
      run: () => void changeLook({ language }).catch(refusalFor),
    })),
    ...Theme.options.map((theme) => ({
      id: `theme.${theme}`,
      words: fill(text.commands.theme, { name: text.settings.themes[theme] }),
      run: () => void changeLook({ theme }).catch(refusalFor),
    })),
  ]
}

function goToPart(part: HealthPart): void {
  showHealthPart(part)
  goTo('health')
}

const plain = (words: string) => words.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase()

/** Those that have every word that was typed, in any order; accents and capitals do not matter. */
export function matching(commands: readonly Command[], typed: string): readonly Command[] {
  const wanted = plain(typed).split(/\s+/).filter(Boolean)
  return commands.filter(({ words }) => wanted.every((word) => plain(words).includes(word)))
}
