/** What the window knows of its station: the link, the vault, the model's calibration, failed parts, the size of the gallery. */
import { create } from 'zustand'
import { type Refusal, refusalOf } from '../../contract/errors.ts'
import type { EventPayload } from '../../contract/events.ts'
import type { InputOf, OutputOf, ProcedureName } from '../../contract/table.ts'
import type { LinkState, StationClient } from '../client/client.ts'
import { errorWords } from '../locale/errors/words.ts'

type Part = EventPayload<'station.health'>['part']
type PartState = EventPayload<'station.health'>['state']

interface StationState {
  readonly client: StationClient | undefined
  readonly link: LinkState
  readonly vault: OutputOf<'vault.status'> | undefined
  /** The smallest false match rate that the active model's calibration supports; null where nothing is known. */
  readonly fmrMin: number | null
  /** The job that is running or paused. */
  readonly job: EventPayload<'job.progress'> | undefined
  readonly gallery: OutputOf<'gallery.status'> | undefined
  readonly parts: Readonly<Record<Part, PartState>>
  /** Counts how often sessions at the face process were lost: its restarts and those of the link. */
  readonly sessionEpoch: number
}

export const useStation = create<StationState>()(() => ({
  client: undefined,
  link: { name: 'connecting' },
  vault: undefined,
  fmrMin: null,
  job: undefined,
  gallery: undefined,
  parts: { face: 'ready', matcher: 'ready' },
  sessionEpoch: 0,
}))

const { getState, setState } = useStation

/** Runs a procedure. @throws VultusError with the code of the refusal */
export async function call<Name extends ProcedureName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
  const { client } = getState()
  if (client === undefined) throw new Error('The station was called before the window connected to it.')
  return client.call(name, input)
}

/** A refusal for the screen, in its language; as it came where that has no words for the code. */
export function refusalFor(error: unknown): Refusal {
  const refusal = refusalOf(error)
  if (refusal.code === 'internal.fault') console.error(error)
  const [message, remedy] = errorWords(refusal.code) ?? [refusal.message, refusal.remedy]
  return { ...refusal, message, remedy }
}

/** Takes the client and follows its events. Called once, at the start. */
export async function followStation(client: StationClient): Promise<void> {
  setState({ client, link: client.state })
  client.onState((link) => {
    const again = link.name === 'ready' && getState().link.name !== 'ready'
    setState(({ sessionEpoch }) => ({ link, sessionEpoch: again ? sessionEpoch + 1 : sessionEpoch }))
    if (again) void refresh()
  })
  client.onEvent((name, payload) => {
    if (name === 'vault.changed') void refresh()
    if (name === 'gallery.changed') void refreshGallery()
    if (name === 'job.progress') followJob(payload as EventPayload<'job.progress'>)
    if (name === 'station.health') followPart(payload as EventPayload<'station.health'>)
  })
  if (client.state.name === 'ready') await refresh()
}

/** A job that has ended is not shown any more; while one copies the vault, what is shown is asked for when it is over. */
function followJob(job: EventPayload<'job.progress'>): void {
  const shown = job.state === 'running' || job.state === 'paused'
  setState({ job: shown ? job : undefined })
}

/** A job that runs already when the window opens or somebody signs in. */
export async function refreshJob(): Promise<void> {
  await quietly(async () => {
    const { jobs } = await call('job.list', {})
    setState({ job: jobs.find(({ state }) => state === 'running' || state === 'paused') })
  })
}

function followPart({ part, state }: EventPayload<'station.health'>): void {
  const { parts, sessionEpoch } = getState()
  const restarted = part === 'face' && state === 'ready' && parts.face !== 'ready'
  setState({ parts: { ...parts, [part]: state }, sessionEpoch: restarted ? sessionEpoch + 1 : sessionEpoch })
  if (state !== 'ready') return
  void refreshGallery()
  void refreshCalibration()
}

/** Asks anew for everything that is shown of the station. The vault comes first: without it there is no screen to show. */
export async function refresh(): Promise<void> {
  try {
    setState({ vault: await call('vault.status', {}) })
  } catch (error) {
    refusalFor(error)
    return
  }
  await Promise.all([refreshCalibration(), refreshParts(), refreshGallery()])
}

async function refreshCalibration(): Promise<void> {
  await quietly(async () => {
    const { active, packs } = await call('model.list', {})
    const pack = packs.find(({ id, version }) => active === `${id}@${version}` || active === id)
    setState({ fmrMin: pack?.calibration?.fmrMin ?? null })
  })
}

async function refreshParts(): Promise<void> {
  await quietly(async () => {
    const { processes } = await call('status.get', {})
    const failed = (name: Part) => processes.some((process) => process.name === name && process.state === 'failed')
    setState({ parts: { face: failed('face') ? 'failed' : 'ready', matcher: failed('matcher') ? 'failed' : 'ready' } })
  })
}

async function refreshGallery(): Promise<void> {
  if (getState().vault?.state !== 'open') return
  await quietly(async () => setState({ gallery: await call('gallery.status', {}) }))
}

/** For what is only shown: where it cannot be had now it is left out, and asked for again with the next event. */
async function quietly(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    refusalFor(error)
  }
}
