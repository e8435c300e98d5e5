/** What an administrator can begin: renewing keys, and checking the vault. */
import { text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'

export interface StartWorkProps {
  /** A job is running or paused: another one has to wait. */
  readonly busy: boolean
  readonly onStarted: () => Promise<void>
  readonly onChecked: () => Promise<void>
}

export function StartWork({ busy, onStarted, onChecked }: StartWorkProps) {
  const starting = useDoing()
  const checking = useDoing()
  const start = (work: () => Promise<unknown>) =>
    void starting.run(async () => {
      await work()
      await onStarted()
    })
  const check = (thorough: boolean) =>
    void checking.run(async () => {
      await call('vault.maintain', { thorough })
      await onChecked()
    })
  const works = [
    { ...text.vault.kinds.rotate, button: text.vault.start, off: busy, run: () => start(() => call('vault.rotate', {})) },
    { ...text.vault.kinds.rotateDeep, button: text.vault.start, off: busy, run: () => start(() => call('vault.rotate', { deep: true })) },
    { ...text.vault.kinds.rekey, button: text.vault.start, off: busy, run: () => start(() => call('vault.rekey', {})) },
    { ...text.vault.check, off: checking.doing, run: () => check(false) },
    { ...text.vault.checkAll, off: checking.doing, run: () => check(true) },
  ]
  return (
    <div className="col">
      {works.map(({ title, text: words, button, off, run }) => (
        <div className="work" key={title}>
          <span>
            <span className="m block">{title}</span>
            <span className="sm sec block">{words}</span>
          </span>
          <button type="button" className="btn" aria-label={`${button}: ${title}`} disabled={off || starting.doing} onClick={run}>
            {button}
          </button>
        </div>
      ))}
      <p className="sm sec" role="status">
        {checking.doing && text.vault.checking}
      </p>
      <RefusalBanner refusal={starting.refusal} onClose={starting.dismiss} />
      <RefusalBanner refusal={checking.refusal} onClose={checking.dismiss} />
    </div>
  )
}
