/** What the station does now: its parts, the gallery, and how fast the live picture is. */
import { Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { OutputOf } from '../../../contract/table.ts'
import type { Role } from '../../../contract/types.ts'
import { liveFeed } from '../../live/live.ts'
import { count, fill, number, text } from '../../locale/text.ts'
import { type HealthPart, showHealthPart, useDesk } from '../../state/desk.ts'
import { useRole } from '../../state/operator.ts'
import { useStation } from '../../state/station.ts'
import { useAsked } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Screen } from '../../ui/Screen.tsx'
import { saveFile } from '../../ui/saveFile.ts'
import { ModelsPart } from '../models/ModelsPart.tsx'
import { DaysCard } from './DaysCard.tsx'
import { LatencyChart } from './LatencyChart.tsx'
import { csvOf, measures, quantile, type Second } from './measures.ts'
import { StationFigures } from './StationFigures.tsx'

const refreshMs = 1000
const statusMs = 5000
/** Who may read what was done. */
const seesDays: readonly Role[] = ['supervisor', 'auditor', 'administrator']
const csvFile = 'vultus-live.csv'

/** Saves the figures of the last minute. @returns the name of the file */
export function saveFigures(): string {
  saveFile(csvFile, [csvOf(measures.seconds(performance.now()))], 'text/csv')
  return csvFile
}

export function HealthScreen() {
  const asked = useAsked('status.get', {})
  const { again } = asked
  const figures = useAsked('station.figures', {})
  const { again: countAgain } = figures
  const role = useRole()
  const chosen = useDesk((state) => state.healthPart)
  const part = role === 'administrator' ? chosen : 'health'
  const parts = useStation((state) => state.parts)
  useKeys([['T', role === 'administrator' ? () => showHealthPart(part === 'models' ? 'health' : 'models') : undefined]])
  const gallery = useStation((state) => state.gallery)
  // biome-ignore lint/correctness/useExhaustiveDependencies: also asked when a part or the gallery changes
  useEffect(() => {
    const look = () => {
      void again()
      void countAgain()
    }
    look()
    const timer = setInterval(look, statusMs)
    return () => clearInterval(timer)
  }, [again, countAgain, parts, gallery])
  return (
    <Screen name={text.areas.health} keys={[]}>
      <div className="office-head">
        <h1>{text.station.title}</h1>
        <p className="sm sec">{text.station.subtitle}</p>
        <span className="sp" />
        {role === 'administrator' && <Parts part={part} />}
      </div>
      <RefusalBanner refusal={asked.refusal} />
      {part === 'models' ? (
        <ModelsPart />
      ) : (
        <div className="office">
          <div className="col g4">
            <Live />
            {seesDays.includes(role) && <DaysCard />}
          </div>
          <div className="office-side">
            {asked.value === undefined ? <p className="sec">{text.office.loading}</p> : <Station status={asked.value} />}
            {asked.value !== undefined && figures.value !== undefined && <StationFigures status={asked.value} figures={figures.value} />}
          </div>
        </div>
      )}
    </Screen>
  )
}

function Parts({ part }: { readonly part: HealthPart }) {
  return (
    <div className="tabs">
      {(['health', 'models'] as const).map((one) => (
        <button type="button" className="btn btn-sm" key={one} aria-pressed={one === part} onClick={() => showHealthPart(one)}>
          {text.models.tabs[one]}
        </button>
      ))}
      <Key chord="T" />
    </div>
  )
}

function Live() {
  const [seconds, setSeconds] = useState<readonly Second[]>([])
  const [saved, setSaved] = useState('')
  useEffect(() => {
    // Frames are looked at while somebody listens; this screen shows no picture of its own.
    const end = liveFeed.onPacket(() => undefined)
    liveFeed.play()
    const draw = () => setSeconds(measures.seconds(performance.now()))
    draw()
    const timer = setInterval(draw, refreshMs)
    return () => {
      clearInterval(timer)
      end()
    }
  }, [])
  const any = seconds.some(({ frames }) => frames > 0)
  return (
    <section className="card pad5 col g4" aria-label={text.station.live}>
      <div className="row">
        <h2 className="sp">{text.station.live}</h2>
        <span className="sm sec" role="status">
          {saved !== '' && fill(text.station.exported, { file: saved })}
        </span>
        <button type="button" className="btn btn-sm" onClick={() => setSaved(saveFigures())}>
          <Download className="i i16" aria-hidden="true" />
          {text.station.export}
        </button>
      </div>
      {!any && <p className="sec">{text.station.liveNone}</p>}
      {any && (
        <>
          <div className="legend sm" aria-hidden="true">
            <span className="legend-line solid" /> {text.station.round}
            <span className="legend-line dashed" /> {text.station.face}
          </div>
          <LatencyChart seconds={seconds} />
          <Figures seconds={seconds} />
        </>
      )}
    </section>
  )
}

function Figures({ seconds }: { readonly seconds: readonly Second[] }) {
  const recent = measures.recent(performance.now())
  const times = [
    [text.station.face, recent.map(({ faceMs }) => faceMs)],
    [text.station.transport, recent.map(({ faceMs, roundMs }) => Math.max(0, roundMs - faceMs))],
    [text.station.round, recent.map(({ roundMs }) => roundMs)],
  ] as const
  const ms = (value: number | null) => (value === null ? '' : fill(text.station.ms, { n: Math.round(value) }))
  // The second that has just begun is not over yet.
  const perSecond = seconds.slice(0, -1).map(({ frames }) => frames)
  return (
    <table className="tbl">
      <caption className="sr">{text.station.table}</caption>
      <thead>
        <tr>
          <th scope="col">{text.station.table}</th>
          <th scope="col">{text.station.median}</th>
          <th scope="col">{text.station.high}</th>
        </tr>
      </thead>
      <tbody>
        {times.map(([words, values]) => (
          <tr key={words}>
            <th scope="row">{words}</th>
            <td className="num">{ms(quantile(values, 0.5))}</td>
            <td className="num">{ms(quantile(values, 0.95))}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">{text.station.frames}</th>
          <td className="num" colSpan={2}>
            {number(
              quantile(
                perSecond.filter((frames) => frames > 0),
                0.5,
              ) ?? 0,
            )}
          </td>
        </tr>
        <tr>
          <th scope="row">{text.station.memory}</th>
          <td className="num" colSpan={2}>
            {memoryWords()}
          </td>
        </tr>
      </tbody>
    </table>
  )
}

/** Chromium tells the size of the script heap; other browsers do not. */
function memoryWords(): string {
  const { memory } = performance as { memory?: { usedJSHeapSize: number } }
  return memory === undefined ? text.station.memoryUnknown : fill(text.station.megabytes, { n: Math.round(memory.usedJSHeapSize / 1e6) })
}

const providerNames = { cuda: 'CUDA', dml: 'DirectML', coreml: 'Core ML', webgpu: 'WebGPU' } as const

/** What computes the networks, and what became of everything else that was tried. */
function inferenceWords({ provider, threads, processes, processesMax, tried }: OutputOf<'status.get'>['inference']): string {
  if (provider === null) return text.station.noModel
  const nameOf = (one: NonNullable<typeof provider>) => (one === 'cpu' ? text.station.processor : providerNames[one])
  const line = fill(text.station.inferenceLine, { provider: nameOf(provider), threads, processes, processesMax })
  const others = tried.filter((one) => one.provider !== provider)
  return [line, ...others.map((one) => fill(text.station.tried[one.outcome], { provider: nameOf(one.provider) }))].join(' ')
}

function Station({ status }: { readonly status: OutputOf<'status.get'> }) {
  const { gallery, model, processes, version, uptime_s } = status
  const hours = Math.floor(uptime_s / 3600)
  return (
    <>
      <section className="card pad5 col g3" aria-label={text.station.gallery}>
        <h2>{text.station.gallery}</h2>
        <dl className="kv">
          <dt>{text.station.state}</dt>
          <dd>{gallery.ready ? text.station.galleryReady : text.station.galleryLoading}</dd>
          <dt>{text.station.references}</dt>
          <dd>{number(gallery.references)}</dd>
          <dt>{text.station.sequence}</dt>
          <dd>{number(gallery.sequence)}</dd>
          <dt>{text.station.model}</dt>
          <dd className="ltr">{model?.id ?? text.station.noModel}</dd>
          <dt>{text.station.inference}</dt>
          <dd>{inferenceWords(status.inference)}</dd>
          <dt>{text.station.version}</dt>
          <dd className="ltr">{version}</dd>
          <dt>{text.station.up}</dt>
          <dd>{hours > 0 ? count(text.station.hours, hours) : count(text.station.minutes, Math.floor(uptime_s / 60))}</dd>
        </dl>
      </section>
      <section className="card pad5 col g3" aria-label={text.station.processes}>
        <h2>{text.station.processes}</h2>
        {processes.length === 0 && <p className="sec">{text.station.processNone}</p>}
        <ul>
          {processes.map(({ name, state, restarts }) => (
            <li className="work" key={name}>
              <span className="m ltr">{name}</span>
              <span className={state === 'ready' ? 'chip' : 'chip out'}>{text.station.states[state]}</span>
              <span className="sm sec num">
                {text.station.restarts}: {number(restarts)}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}
