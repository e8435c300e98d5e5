/** What can be set: this desk and its camera for everybody, what the vault keeps and its backups by role. */
import { Language, Theme } from '../../../contract/rows/desk.ts'
import { text } from '../../locale/text.ts'
import { goTo } from '../../state/desk.ts'
import { useLook } from '../../state/look.ts'
import { useRole } from '../../state/operator.ts'
import { LanguageOptions } from '../../ui/LanguageOptions.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { ClientsCard } from '../clients/ClientsCard.tsx'
import { playVerdict } from '../verify/verdictSound.ts'
import { BackupCard } from './BackupCard.tsx'
import { CameraCard } from './CameraCard.tsx'
import { ConsentCard } from './ConsentCard.tsx'
import { EnrolmentPolicyCard } from './EnrolmentPolicyCard.tsx'
import { FormPolicyCard } from './FormPolicyCard.tsx'
import { KeptCard } from './KeptCard.tsx'
import { useLookChange } from './useLookChange.tsx'

const mayReadBackups: readonly string[] = ['supervisor', 'auditor', 'administrator']
const seesCamera: readonly string[] = ['operator', 'supervisor', 'administrator']

export function SettingsScreen() {
  const role = useRole()
  return (
    <Screen name={text.areas.settings} keys={[]}>
      <div className="office-head">
        <h1>{text.settings.title}</h1>
        <p className="sm sec">{text.settings.subtitle}</p>
      </div>
      <div className="settings">
        <DeskCard />
        {seesCamera.includes(role) && <CameraCard />}
        {role === 'administrator' && <ConsentCard />}
        <FormPolicyCard changeable={role === 'administrator'} />
        {role === 'administrator' && <EnrolmentPolicyCard />}
        {role === 'administrator' && <KeptCard />}
        {role === 'administrator' && <ClientsCard />}
        {mayReadBackups.includes(role) && <BackupCard role={role} />}
        {role === 'administrator' && (
          <section className="card pad5 col g3" aria-label={text.settings.parts.signIn}>
            <h2>{text.settings.accounts}</h2>
            <p className="sec">{text.settings.accountsText}</p>
            <div>
              <button type="button" className="btn" onClick={() => goTo('accounts')}>
                {text.settings.accountsOpen}
              </button>
            </div>
          </section>
        )}
        {role !== 'administrator' && <p className="sm sec">{text.settings.administrators}</p>}
      </div>
    </Screen>
  )
}

function DeskCard() {
  const { language, theme, sounds, receipts } = useLook()
  const { change, told } = useLookChange()
  return (
    <section className="card pad5 col g4" aria-label={text.settings.parts.desk}>
      <h2>{text.settings.parts.desk}</h2>
      <div className="field">
        <label htmlFor="settings-language">{text.languageLabel}</label>
        <select
          id="settings-language"
          className="in"
          value={language ?? ''}
          onChange={(event) => change({ language: Language.safeParse(event.target.value).data ?? null })}
        >
          <option value="">{text.settings.systemLanguage}</option>
          <LanguageOptions />
        </select>
      </div>
      <fieldset className="col g2">
        <legend className="sm m">{text.settings.theme}</legend>
        {Theme.options.map((one) => (
          <label className={one === theme ? 'opt on' : 'opt'} key={one}>
            <input type="radio" className="rad" name="theme" value={one} checked={one === theme} onChange={() => change({ theme: one })} />
            {text.settings.themes[one]}
          </label>
        ))}
      </fieldset>
      <label className="tick">
        <input
          type="checkbox"
          checked={sounds}
          onChange={(event) => {
            change({ sounds: event.target.checked })
            if (event.target.checked) playVerdict('match')
          }}
        />
        <span>
          <span className="m block">{text.settings.sounds}</span>
          <span className="sec">{text.settings.soundsHelp}</span>
        </span>
      </label>
      <label className="tick">
        <input type="checkbox" checked={receipts} onChange={(event) => change({ receipts: event.target.checked })} />
        <span>
          <span className="m block">{text.settings.receipts}</span>
          <span className="sec">{text.settings.receiptsHelp}</span>
        </span>
      </label>
      {told}
    </section>
  )
}
