/** One account: a new one, or one whose name, role, password or state changes. */
import { useState } from 'react'
import type { AccountRole, OperatorAccount, SecretKind } from '../../../contract/rows/operator.ts'
import { mayHavePin, passwordCharactersMinOf, passwordProblem, pinProblem } from '../../../core/signInRules.ts'
import { fill, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { useKeys } from '../../ui/keys.ts'
import { SureButton } from '../../ui/SureButton.tsx'
import { PassphraseField } from '../setup/PassphraseField.tsx'

const roles: readonly AccountRole[] = ['operator', 'supervisor', 'auditor', 'administrator']

export interface AccountFormProps {
  /** undefined for a new account */
  readonly account: OperatorAccount | undefined
  /** The first account has to be an administrator. */
  readonly first: boolean
  readonly pinAllowed: boolean
  readonly onClose: () => void
  readonly onSaved: (name: string) => Promise<void>
}

type SecretChoice = SecretKind | 'keep'

export function AccountForm({ account, first, pinAllowed, onClose, onSaved }: AccountFormProps) {
  const [name, setName] = useState(account?.name ?? '')
  const [role, setRole] = useState<AccountRole>(account?.role ?? (first ? 'administrator' : 'operator'))
  const [choice, setChoice] = useState<SecretChoice>(account === undefined ? 'password' : 'keep')
  const [secret, setSecret] = useState('')
  const { doing, refusal, run, dismiss } = useDoing()
  useKeys([['Escape', first ? undefined : onClose]])
  const kinds: readonly SecretChoice[] = [
    ...(account === undefined ? [] : (['keep'] as const)),
    'password',
    ...(pinAllowed && mayHavePin(role) ? (['pin'] as const) : []),
  ]
  const kind = kinds.includes(choice) ? choice : 'password'
  const problem = kind === 'keep' ? undefined : kind === 'pin' ? pinProblem(secret, role) : passwordProblem(secret, role)
  const usable = name.trim() !== '' && problem === undefined && !doing
  const change = (changes: { newName?: string; role?: AccountRole; secretKind?: SecretKind; secret?: string; enable?: boolean }) =>
    call('operator.change', { name: account?.name ?? '', ...changes })
  const save = () =>
    run(async () => {
      const newSecret = kind === 'keep' ? {} : { secretKind: kind, secret }
      if (account === undefined) await call('operator.add', { name, role, secretKind: kind === 'pin' ? 'pin' : 'password', secret })
      else {
        await change({
          ...(name === account.name ? {} : { newName: name }),
          ...(role === account.role ? {} : { role }),
          ...newSecret,
        })
      }
      await onSaved(name)
    })
  const setEnabled = (enabled: boolean) =>
    void run(async () => {
      if (enabled) await change({ enable: true })
      else await call('operator.disable', { name: account?.name ?? '' })
      await onSaved(account?.name ?? '')
    })
  return (
    <form
      className="card pad5 col g4"
      noValidate
      aria-label={account === undefined ? text.accounts.add : fill(text.accounts.change, { name: account.name })}
      onSubmit={(event) => {
        event.preventDefault()
        if (usable) void save()
      }}
    >
      <h2>{account === undefined ? text.accounts.add : fill(text.accounts.change, { name: account.name })}</h2>
      <div className="field">
        <label htmlFor="account-name">{text.accounts.name}</label>
        <input
          id="account-name"
          className="in"
          value={name}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: the form was just opened to be filled in
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="account-role">{text.accounts.role}</label>
        <select
          id="account-role"
          className="in"
          value={role}
          disabled={first}
          onChange={(event) => setRole(event.target.value as AccountRole)}
        >
          {roles.map((value) => (
            <option key={value} value={value}>
              {text.signIn.roles[value]}
            </option>
          ))}
        </select>
      </div>
      {kinds.length > 1 && (
        <div className="field">
          <label htmlFor="account-kind">{text.accounts.signsIn}</label>
          <select id="account-kind" className="in" value={kind} onChange={(event) => setChoice(event.target.value as SecretChoice)}>
            {kinds.map((value) => (
              <option key={value} value={value}>
                {value === 'keep' ? text.accounts.keepSecret : text.accounts.kinds[value]}
              </option>
            ))}
          </select>
        </div>
      )}
      {kind !== 'keep' && (
        <PassphraseField
          id="account-secret"
          fresh
          label={kind === 'pin' ? text.accounts.pin : text.accounts.password}
          value={secret}
          onChange={setSecret}
          help={kind === 'pin' ? text.accounts.pinHelp : fill(text.accounts.passwordHelp, { n: passwordCharactersMinOf(role) })}
        />
      )}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <div className="row g2">
        <button type="submit" className="btn btn-p" disabled={!usable}>
          {doing ? text.accounts.saving : text.accounts.save}
        </button>
        {!first && (
          <button type="button" className="btn" onClick={onClose}>
            {text.accounts.close}
          </button>
        )}
      </div>
      {account?.enabled === true && (
        <SureButton words={text.accounts.disable} sure={text.accounts.disableSure} disabled={doing} onSure={() => setEnabled(false)} />
      )}
      {account?.enabled === false && (
        <button type="button" className="btn" disabled={doing} onClick={() => setEnabled(true)}>
          {text.accounts.enable}
        </button>
      )}
    </form>
  )
}
