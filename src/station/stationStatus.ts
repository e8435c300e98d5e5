/** What a station tells of itself: in short for programs that watch it, and whole. */
import type { OutputOf } from '../contract/table.ts'
import type { Parts } from './parts.ts'

type Told = Pick<Parts, 'face' | 'matcher' | 'holder' | 'version' | 'startedMs'>

export function healthOf({ face, matcher, version }: Told): OutputOf<'health.get'> {
  const { model } = face
  const loaded = face.process.status.state === 'ready' && model !== undefined
  return {
    status: loaded && matcher.status.state !== 'failed' ? 'ok' : 'degraded',
    service: 'vultus',
    version,
    timestamp: new Date().toISOString(),
    model_status: {
      loaded,
      model_name: model?.id ?? null,
      input_shape: model === undefined ? null : [1, ...model.inputShape],
    },
  }
}

export async function statusOf({ face, matcher, holder, version, startedMs }: Told): Promise<OutputOf<'status.get'>> {
  const { state, kind } = await holder.status()
  const counts = holder.opened?.galleries.counts()
  const { model } = face
  return {
    service: 'vultus',
    version,
    uptime_s: (Date.now() - startedMs) / 1000,
    vault: { state, kind },
    gallery: {
      references: activeReferences(holder, model?.id) ?? counts?.references ?? 0,
      sequence: counts?.sequence ?? 0,
      ready: matcher.status.state === 'ready',
    },
    model: model === undefined ? null : { id: model.id, dimension: model.dimension, metric: model.metric },
    processes: [
      { name: 'face', ...face.process.status },
      { name: 'matcher', ...matcher.status },
    ],
    inference: face.inference(),
  }
}

/** References of the active model, where there are others beside them; undefined where all are its own. */
function activeReferences(holder: Parts['holder'], active: string | undefined): number | undefined {
  const models = holder.opened?.models.counts() ?? []
  return models.length < 2 ? undefined : (models.find(({ model }) => model === active)?.references ?? 0)
}
