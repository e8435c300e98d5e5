/**
 * Claiming by name: people whose name begins as it was typed, with their number and the year of their enrolment to tell them apart. Nobody
 * is listed before something was typed, and no more than a few: whoever is not among them is asked for more of the name.
 */
import { count, fill, number, text } from '../../locale/text.ts'
import { OptionList } from '../../ui/OptionList.tsx'
import { Private } from '../../ui/Private.tsx'
import type { ClaimNames as Found } from './claimNames.ts'

export const namesId = 'claim-names'

export interface ClaimNamesProps {
  readonly found: Found
  readonly active: number
  readonly onChosen: (index: number) => void
}

export function ClaimNames({ found, active, onChosen }: ClaimNamesProps) {
  const { people, more, searched } = found
  return (
    <>
      <OptionList
        id={namesId}
        words={text.claimNames.found}
        className="claim-names"
        items={people}
        keyOf={({ id }) => id}
        active={active}
        hidden={people.length === 0}
        onChosen={onChosen}
      >
        {({ id, name, createdAt }) => (
          <>
            <span className="sp break m">
              <Private>{name ?? id}</Private>
            </span>
            <span className="sm sec ltr">
              <Private>{id}</Private>
            </span>
            <span className="sm sec num">{new Date(createdAt).getFullYear()}</span>
          </>
        )}
      </OptionList>
      <span className="sr" role="status">
        {searched && (people.length === 0 ? text.claimNames.none : count(text.claimNames.count, people.length))}
      </span>
      {more && <span className="help">{fill(text.claimNames.more, { n: number(people.length) })}</span>}
    </>
  )
}
