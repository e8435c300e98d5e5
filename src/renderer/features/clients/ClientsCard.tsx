/** Programs of integrators: who has a key, what it is for, when it was used last; a new key is shown once. */
import { Check, Copy, KeyRound } from 'lucide-react'
import { useId, useState } from 'react'
import { ClientPermission } from '../../../contract/clients.ts'
import type { ApiClient } from '../../../contract/rows/client.ts'
import { day, fill, text, timeOfDay } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { Banner, RefusalBanner } from '../../ui/Banner.tsx'
import { SureButton } from '../../ui/SureButton.tsx'

export function ClientsCard() {
  const asked = useAsked('client.list', {})
  const [given, setGiven] = useState<{ readonly name: string; readonly key: string }>()
  const { doing, refusal, run, dismiss } = useDoing()
  const clients = asked.value?.clients
  const revoke = (name: string) =>
    void run(async () => {
      await call('client.revoke', { name })
      await asked.again()
    })
  return (
    <section className="card pad5 col g4" aria-label={text.clients.title}>
      <h2>{text.clients.title}</h2>
      <p className="sec">{text.clients.subtitle}</p>
      <RefusalBanner refusal={asked.refusal ?? refusal} onClose={dismiss} />
      {given !== undefined && <GivenKey name={given.name} secret={given.key} onClose={() => setGiven(undefined)} />}
      {clients === undefined && asked.refusal === undefined && <p className="sec">{text.office.loading}</p>}
      {clients?.length === 0 && <p className="sec">{text.clients.none}</p>}
      {clients !== undefined && clients.length > 0 && (
        <ul>
          {clients.map((client) => (
            <li className="work" key={client.client}>
              <ClientWords client={client} />
              {client.revokedAt === null && (
                <SureButton
                  words={text.clients.revoke}
                  sure={fill(text.clients.revokeSure, { name: client.name })}
                  disabled={doing}
                  onSure={() => revoke(client.name)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      <AddClient
        onAdded={async (added) => {
          setGiven(added)
          await asked.again()
        }}
      />
    </section>
  )
}

const moment = (iso: string) => `${day(iso)} ${timeOfDay(new Date(iso))}`

function ClientWords({ client }: { readonly client: ApiClient }) {
  const { name, permissions, lastUsedAt, revokedAt } = client
  const used = lastUsedAt === null ? text.clients.neverUsed : fill(text.clients.lastUsed, { time: moment(lastUsedAt) })
  return (
    <span>
      <span className="m block break">{name}</span>
      <span className="sm sec block">{permissions.map((one) => text.clients.permissions[one]).join(' · ')}</span>
      <span className="sm sec num">{revokedAt === null ? used : fill(text.clients.revoked, { time: moment(revokedAt) })}</span>
    </span>
  )
}

function GivenKey({ name, secret, onClose }: { readonly name: string; readonly secret: string; readonly onClose: () => void }) {
  const [copied, setCopied] = useState(false)
  const { refusal, run } = useDoing()
  const copy = () =>
    void run(async () => {
      await navigator.clipboard.writeText(secret)
      setCopied(true)
    })
  return (
    <Banner tone="info">
      <div className="col g2 sp">
        <p className="b">{fill(text.clients.given, { name })}</p>
        <code className="client-key ltr">{secret}</code>
        <p className="sm">{text.clients.givenText}</p>
        <div className="row g2">
          <button type="button" className="btn btn-sm" onClick={copy}>
            {copied ? <Check className="i i16" aria-hidden="true" /> : <Copy className="i i16" aria-hidden="true" />}
            <span aria-live="polite">{copied ? text.clients.copied : text.clients.copy}</span>
          </button>
          <button type="button" className="btn btn-sm" onClick={onClose}>
            {text.clients.stored}
          </button>
        </div>
        <RefusalBanner refusal={refusal} />
      </div>
    </Banner>
  )
}

function AddClient({ onAdded }: { readonly onAdded: (added: { name: string; key: string }) => Promise<void> }) {
  const [name, setName] = useState('')
  const [permissions, setPermissions] = useState<readonly ClientPermission[]>([])
  const { doing, refusal, run, dismiss } = useDoing()
  const id = useId()
  const usable = name.trim() !== '' && permissions.length > 0 && !doing
  return (
    <form
      className="col g3"
      noValidate
      aria-label={text.clients.add}
      onSubmit={(event) => {
        event.preventDefault()
        if (!usable) return
        void run(async () => {
          const { key } = await call('client.add', { name, permissions: [...permissions] })
          await onAdded({ name: name.trim(), key })
          setName('')
          setPermissions([])
        })
      }}
    >
      <h3>{text.clients.add}</h3>
      <div className="field">
        <label htmlFor={id}>{text.clients.name}</label>
        <input
          id={id}
          className="in"
          value={name}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <fieldset className="col g2">
        <legend className="sm m">{text.clients.may}</legend>
        {ClientPermission.options.map((one) => (
          <label className="tick" key={one}>
            <input
              type="checkbox"
              checked={permissions.includes(one)}
              onChange={(event) =>
                setPermissions(event.target.checked ? [...permissions, one] : permissions.filter((other) => other !== one))
              }
            />
            {text.clients.permissions[one]}
          </label>
        ))}
      </fieldset>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <div>
        <button type="submit" className="btn btn-p" disabled={!usable}>
          <KeyRound className="i i16" aria-hidden="true" />
          {text.clients.make}
        </button>
      </div>
    </form>
  )
}
