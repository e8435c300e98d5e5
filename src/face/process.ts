/**
 * Entry of the face process. Calls and live packets share the port to the parent: a plain Uint8Array is a packet, anything else a call.
 * A bug in one call answers internal.fault and is logged without data; memory that ran out ends the process after its answer, since
 * native code may be left half done. Without its parent the process ends.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { VultusError } from '../contract/errors.ts'
import { openLink, type Port } from '../contract/link.ts'
import { type LivePort, openParentPort } from '../contract/parentPort.ts'
import { createFaceService } from './service.ts'

const sweepEveryMs = 5_000
const logLineCharactersMax = 1000
const exitOutOfMemory = 70
/** Time for the answer to leave before the process ends. */
const lastWordsMs = 200

/** Names the error and where it was thrown, on one line. Nothing that this process throws quotes a picture, and it knows no names. */
function logLineOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { cause } = error
  const place = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 5)
  const reason = cause instanceof Error ? ` from ${cause.name}: ${cause.message}` : ''
  const text = [`${error.name}: ${error.message}${reason}`, ...place.map((line) => line.trim())].join(' | ')
  return text.replaceAll(/\s+/g, ' ').slice(0, logLineCharactersMax)
}

function onFault(error: unknown): void {
  process.stderr.write(`face: ${logLineOf(error)}\n`)
  if (error instanceof VultusError && error.code === 'resource.exhausted') setTimeout(() => process.exit(exitOutOfMemory), lastWordsMs)
}

function main(): void {
  const parent = openParentPort()
  if (parent === undefined) {
    process.stderr.write('The face process is started by the station; run: npm start\n')
    process.exit(2)
  }
  const livePorts = new Set<LivePort>()
  const service = createFaceService({
    nowMs: () => performance.now(),
    newId: () => randomBytes(16).toString('base64url'),
    random: () => randomInt(2 ** 47) / 2 ** 47,
    sendLive: (packet) => {
      if (livePorts.size === 0) parent.post(packet)
      else for (const port of livePorts) port.postMessage(packet)
    },
    onFault,
    onOutgrown: () => {
      process.stderr.write('face: more memory than it may hold, ended\n')
      setTimeout(() => process.exit(exitOutOfMemory), lastWordsMs)
    },
  })
  parent.onLivePort((port) => {
    livePorts.add(port)
    port.on('message', ({ data }) => {
      if (data instanceof Uint8Array) service.pushFrame(data)
    })
    port.on('close', () => livePorts.delete(port))
    port.start()
  })
  openLink<Record<string, never>, typeof service.functions>(callsOf(parent, service.pushFrame), service.functions, { timeoutMs: 0 })
  setInterval(() => service.sweep(), sweepEveryMs).unref()
}

/** The port without its packets, which are frames. */
function callsOf(parent: Port, onFrame: (packet: Uint8Array) => void): Port {
  return {
    post: parent.post,
    onMessage: (listener) =>
      parent.onMessage((message) => {
        if (message instanceof Uint8Array) onFrame(message)
        else listener(message)
      }),
  }
}

main()
