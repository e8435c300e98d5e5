/**
 * A thread that loads and runs networks, so that the thread that follows the camera waits for neither. Calls are worked off in the order
 * in which they came. Numbers come and go without a copy.
 */
import { parentPort } from 'node:worker_threads'
import { VultusError } from '../../contract/errors.ts'
import type { FromThread, ThreadAnswer, ToThread } from './messages.ts'
import { readModel } from './modelFile.ts'
import { Session } from './session.ts'

const sessions = new Map<number, Session>()
const reasonCharactersMax = 300

async function answerTo(message: ToThread): Promise<ThreadAnswer> {
  switch (message.kind) {
    case 'check':
      await readModel(message.file)
      return {}
    case 'load': {
      const session = await Session.load(message.file, message.options)
      sessions.set(message.network, session)
      return { batch: session.batch }
    }
    case 'run': {
      const session = sessions.get(message.network)
      if (session === undefined) throw new VultusError('inference.failed', 'the network is not loaded')
      return { outputs: await session.run(message.values, message.shape) }
    }
    case 'release': {
      const session = sessions.get(message.network)
      sessions.delete(message.network)
      await session?.release()
      return {}
    }
  }
}

function refusalOf(call: number, error: unknown): FromThread {
  const known = error instanceof VultusError ? error : undefined
  const cause = known?.cause ?? error
  const reason = (cause instanceof Error ? `${cause.name}: ${cause.message}` : typeof cause).slice(0, reasonCharactersMax)
  return { call, ok: false, code: known?.code ?? 'internal.fault', detail: known?.detail, reason }
}

let turn: Promise<unknown> = Promise.resolve()
parentPort?.on('message', (message: ToThread) => {
  turn = turn
    .then(() => answerTo(message))
    .then(
      (answer) => {
        const buffers = new Set((answer.outputs ?? []).map(({ data }) => data.buffer as ArrayBuffer))
        parentPort?.postMessage({ call: message.call, ok: true, answer } satisfies FromThread, [...buffers])
      },
      (error: unknown) => parentPort?.postMessage(refusalOf(message.call, error)),
    )
})
