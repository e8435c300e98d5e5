/** The accounts of the station: who there is, one of them to be changed, and the rules of signing in. */
import { useState } from 'react'
import type { OperatorAccount } from '../../../contract/rows/operator.ts'
import { day, fill, text } from '../../locale/text.ts'
import { refreshOperator } from '../../state/operator.ts'
import { useAsked } from '../../state/useAsked.ts'
import { Banner, RefusalBanner } from '../../ui/Banner.tsx'
import { Private } from '../../ui/Private.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { AccountForm } from './AccountForm.tsx'
import { PolicyCard } from './PolicyCard.tsx'

/** The account in the panel; 'new' for one that is to be made. */
type Open = string | 'new' | undefined

export function AccountsScreen() {
  const { value, refusal, again } = useAsked('operator.list', {})
  const policy = useAsked('operator.policy', {})
  const [open, setOpen] = useState<Open>()
  const [saved, setSaved] = useState('')
  const accounts = value?.operators
  const first = accounts?.length === 0
  const account = accounts?.find(({ operator }) => operator === open)
  const shown = first === true || open === 'new' || account !== undefined
  const onSaved = async (name: string) => {
    setSaved(fill(text.accounts.saved, { name }))
    setOpen(undefined)
    // With the first account somebody has to sign in.
    await Promise.all([again(), refreshOperator()])
  }
  return (
    <Screen name={text.areas.accounts} keys={[{ chord: 'Esc', words: text.accounts.close }]}>
      <div className="office-head">
        <h1>{text.accounts.title}</h1>
        <p className="sm sec">{text.accounts.subtitle}</p>
        <span className="sp" />
        <span className="sm sec" role="status">
          {saved}
        </span>
        <button
          type="button"
          className="btn btn-p"
          disabled={accounts === undefined || first || open === 'new'}
          onClick={() => setOpen('new')}
        >
          {text.accounts.add}
        </button>
      </div>
      <RefusalBanner refusal={refusal} />
      <div className="office">
        <section className="card" aria-label={text.accounts.title}>
          {accounts === undefined && refusal === undefined && <p className="office-empty">{text.office.loading}</p>}
          {first && (
            <div className="office-empty">
              <Banner tone="warn">
                <p>
                  <b>{text.accounts.none}</b> {text.accounts.noneText}
                </p>
              </Banner>
            </div>
          )}
          {accounts !== undefined && !first && <AccountTable accounts={accounts} open={open} onOpen={setOpen} />}
        </section>
        <div className="office-side">
          {shown && (
            <AccountForm
              key={account?.operator ?? 'new'}
              account={account}
              first={first === true}
              pinAllowed={policy.value?.pinAllowed === true}
              onClose={() => setOpen(undefined)}
              onSaved={onSaved}
            />
          )}
          <PolicyCard policy={policy.value} refusal={policy.refusal} onChanged={policy.again} />
        </div>
      </div>
    </Screen>
  )
}

interface AccountTableProps {
  readonly accounts: readonly OperatorAccount[]
  readonly open: Open
  readonly onOpen: (open: Open) => void
}

function AccountTable({ accounts, open, onOpen }: AccountTableProps) {
  return (
    <table className="tbl">
      <thead>
        <tr>
          <th scope="col">{text.accounts.name}</th>
          <th scope="col">{text.accounts.role}</th>
          <th scope="col">{text.accounts.signsIn}</th>
          <th scope="col">{text.accounts.state}</th>
          <th scope="col" className="spare">
            {text.accounts.since}
          </th>
          <th scope="col">
            <span className="sr">{text.accounts.choose}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {accounts.map(({ operator, name, role, secretKind, enabled, createdAt, disabledAt }) => (
          <tr key={operator} aria-selected={operator === open}>
            <td className="m break">
              <Private>{name}</Private>
            </td>
            <td>{text.signIn.roles[role]}</td>
            <td>{text.accounts.kinds[secretKind]}</td>
            <td>
              <span className={enabled ? 'chip' : 'chip out'}>{enabled ? text.accounts.enabled : text.accounts.disabled}</span>
            </td>
            <td className="num nowrap spare">{day(disabledAt ?? createdAt)}</td>
            <td className="end">
              <button
                type="button"
                className="btn btn-sm"
                aria-label={fill(text.accounts.change, { name })}
                onClick={() => onOpen(operator)}
              >
                {text.accounts.choose}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
