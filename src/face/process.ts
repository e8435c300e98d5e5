/**
 * Entry of the face process. Calls and live packets share the port to the parent: a plain Uint8Array is a packet, anything else a call.
 * A bug in one call answers internal.fault and is logged without data; memory that ran out ends the process after its answer, since
 * native code may be left half done. Without its parent the process ends.
 */
import { randomBytes } from 'node:crypto'
import { VultusError } from '../contract/errors.ts'
import { openLink, type Port } from '../contract/link.ts'
import { createFaceService } from './service.ts'

const sweepEveryMs = 30_000
const logLineCharactersMax = 1000
const exitOutOfMemory = 70
/** Time for the answer to leave before the process ends. */
const lastWordsMs = 200

/** What Electron gives a utility process; typed here, since only the shell knows Electron. */
interface LivePort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
}
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: readonly LivePort[] }) => void): void
}

const parentPort = (process as NodeJS.Process & { parentPort?: ParentPort }).parentPort

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

const livePorts = new Set<LivePort>()
const postToParent = (message: unknown): void => {
  if (parentPort !== undefined) parentPort.postMessage(message)
  else if (process.connected) process.send?.(message)
}

const service = createFaceService({
  nowMs: () => performance.now(),
  newId: () => randomBytes(16).toString('base64url'),
  sendLive: (packet) => {
    if (livePorts.size === 0) postToParent(packet)
    else for (const port of livePorts) port.postMessage(packet)
  },
  onFault,
})

let onCall: (message: unknown) => void = () => undefined
const receive = (message: unknown): void => {
  if (message instanceof Uint8Array) service.pushFrame(message)
  else onCall(message)
}

function addLivePort(port: LivePort): void {
  livePorts.add(port)
  port.on('message', ({ data }) => {
    if (data instanceof Uint8Array) service.pushFrame(data)
  })
  port.on('close', () => livePorts.delete(port))
  port.start()
}

const isLivePortMessage = (data: unknown) => typeof data === 'object' && data !== null && 'livePort' in data && data.livePort === true

if (parentPort !== undefined) {
  parentPort.on('message', ({ data, ports }) => {
    if (isLivePortMessage(data)) for (const port of ports) addLivePort(port)
    else receive(data)
  })
} else {
  process.on('message', receive)
  process.on('disconnect', () => process.exit(0))
}

const port: Port = {
  post: postToParent,
  onMessage: (listener) => {
    onCall = listener
  },
}
// Ctrl-C in a terminal reaches every process of the group; the station ends its processes itself, when their work is done.
process.on('SIGINT', () => undefined)
openLink<Record<string, never>, typeof service.functions>(port, service.functions, { timeoutMs: 0 })
setInterval(() => service.sweep(), sweepEveryMs).unref()
