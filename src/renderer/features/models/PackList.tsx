/** The packs that are there: calibration and licence of each, checking one, letting it work, making its references, taking it out. */
import { BadgeCheck } from 'lucide-react'
import { useState } from 'react'
import type { Checked, PackListed } from '../../../contract/rows/model.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { count, fill, number, text } from '../../locale/text.ts'
import { call, useStation } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { Banner, RefusalBanner } from '../../ui/Banner.tsx'
import { SureButton } from '../../ui/SureButton.tsx'
import { JobCard } from '../vault/JobCard.tsx'

export interface PackListProps {
  readonly list: OutputOf<'model.list'>
  readonly jobs: OutputOf<'job.list'> | undefined
  readonly onChecked: (checked: Checked) => void
  readonly onChanged: () => Promise<void>
}

export function PackList({ list, jobs, onChecked, onChanged }: PackListProps) {
  const live = useStation((state) => state.job)
  const { doing, refusal, run, dismiss } = useDoing()
  const [told, setTold] = useState('')
  const [before, setBefore] = useState<PackListed>()
  const job = jobs?.jobs.find(({ kind, state }) => kind === 'reembed' && (state === 'running' || state === 'paused'))
  const active = list.packs.find(({ model }) => model === list.active)
  const act = (words: string, work: () => Promise<string>) =>
    void run(async () => {
      setTold(words)
      try {
        setTold(await work())
      } catch (error) {
        setTold('')
        throw error
      } finally {
        await onChanged()
      }
    })
  const activate = (pack: PackListed, allowMissing: boolean) =>
    act(text.models.changing, async () => {
      const { missing } = await call('model.activate', { id: pack.id, allowMissing })
      setBefore(active)
      return missing === 0 ? fill(text.models.activated, { name: pack.name }) : count(text.models.activatedMissing, missing)
    })
  const missing = refusal?.code === 'model.referencesMissing'
  const [wanted, setWanted] = useState<PackListed>()
  return (
    <div className="col g4">
      {list.packs.map((pack) => (
        <section
          className={pack.model === list.active ? 'card pad5 col g3 pack-active' : 'card pad5 col g3'}
          key={pack.id}
          aria-label={pack.name}
        >
          <div className="row g2 wrap">
            <h2 className="sp">
              {pack.name} <span className="num">{pack.version}</span>
            </h2>
            {pack.model === list.active && <span className="chip">{text.models.active}</span>}
            {pack.builtIn && <span className="chip out">{text.models.builtIn}</span>}
            {!pack.complete && <span className="chip out">{text.models.incomplete}</span>}
          </div>
          <PackFacts pack={pack} />
          <div className="row g2 wrap">
            {pack.model !== list.active && (
              <SureButton
                words={text.models.activate}
                sure={text.models.activateSure}
                disabled={doing || !pack.complete}
                onSure={() => {
                  setWanted(pack)
                  activate(pack, false)
                }}
              />
            )}
            {pack.model !== list.active && (
              <button
                type="button"
                className="btn"
                disabled={doing || !pack.complete || job !== undefined}
                onClick={() =>
                  act(text.models.starting, async () => {
                    await call('model.reembed', { id: pack.id })
                    return text.models.reembedding
                  })
                }
              >
                {text.models.reembed}
              </button>
            )}
            <button
              type="button"
              className="btn"
              disabled={doing || !pack.complete}
              onClick={() =>
                act(text.models.checking, async () => {
                  onChecked(await call('model.verify', { id: pack.id }))
                  return ''
                })
              }
            >
              <BadgeCheck className="i i16" aria-hidden="true" />
              {text.models.verify}
            </button>
            {pack.model !== list.active && (
              <SureButton
                words={pack.builtIn ? text.models.removeReferences : text.models.remove}
                sure={text.models.removeSure}
                disabled={doing || job !== undefined}
                onSure={() =>
                  act(text.models.removing, async () => {
                    const { removedReferences } = await call('model.remove', { id: pack.id, references: true })
                    return count(text.models.removed, removedReferences)
                  })
                }
              />
            )}
          </div>
        </section>
      ))}
      {missing && wanted !== undefined ? (
        <Banner tone="warn">
          <p className="sp">
            <b>{refusal.message}</b> {text.models.missingText} {refusal.detail}
          </p>
          <SureButton
            words={text.models.allowMissing}
            sure={text.models.allowMissingSure}
            disabled={doing}
            onSure={() => activate(wanted, true)}
          />
        </Banner>
      ) : (
        <RefusalBanner refusal={refusal} onClose={dismiss} />
      )}
      {before !== undefined && active !== undefined && before.id !== active.id && !doing && (
        <Banner tone="info">
          <p className="sp">{fill(text.models.wayBack, { name: active.name })}</p>
          <button type="button" className="btn btn-sm" onClick={() => setBefore(undefined)}>
            {text.models.keep}
          </button>
          <button type="button" className="btn btn-sm" onClick={() => activate(before, true)}>
            {fill(text.models.back, { name: before.name })}
          </button>
        </Banner>
      )}
      <p className="sm sec" role="status">
        {told}
      </p>
      {job !== undefined && (
        <section className="card pad5">
          <JobCard job={job} live={live} changeable onChanged={onChanged} />
        </section>
      )}
    </div>
  )
}

function PackFacts({ pack }: { readonly pack: PackListed }) {
  const { model, calibration, licences, families, dimension } = pack
  return (
    <dl className="kv">
      <dt>{text.models.model}</dt>
      <dd className="ltr">{model}</dd>
      <dt>{text.models.calibration}</dt>
      <dd>
        {calibration === null
          ? text.models.notCalibrated
          : fill(text.models.calibrated, { pairs: calibration.impostorPairs, rate: `1 : ${number(Math.round(1 / calibration.fmrMin))}` })}
      </dd>
      <dt>{text.models.licence}</dt>
      <dd className="ltr">{licences.join(', ')}</dd>
      <dt>{text.models.networks}</dt>
      <dd className="ltr">
        {Object.values(families).join(', ')}, {dimension}
      </dd>
    </dl>
  )
}
