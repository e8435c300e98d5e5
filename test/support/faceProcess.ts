/** The real face process over its real port, as tests drive it. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { unwrap } from '../../src/contract/errors.ts'
import { openLink } from '../../src/contract/link.ts'
import { decodeLive, encodeFrame, type LivePacket } from '../../src/contract/live.ts'
import { type FaceFunctions, processEnvironment } from '../../src/contract/processes.ts'
import { packsFolder } from './facePack.ts'

const entry = join(import.meta.dirname, '..', '..', 'src', 'face', 'process.ts')

export class FaceProcess {
  readonly child: ChildProcess
  readonly call: FaceFunctions
  readonly live: LivePacket[] = []
  readonly exited: Promise<number | null>
  #heard: () => void = () => undefined

  constructor() {
    this.child = fork(entry, {
      serialization: 'advanced',
      env: { ...process.env, ...processEnvironment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let onCall: (message: unknown) => void = () => undefined
    this.child.on('message', (message) => {
      if (!(message instanceof Uint8Array)) return onCall(message)
      this.live.push(decodeLive(message)!)
      this.#heard()
    })
    this.exited = new Promise((resolve) => this.child.once('exit', resolve))
    const port = {
      post: (message: unknown) => void this.child.send(message as object),
      onMessage: (listener: typeof onCall) => {
        onCall = listener
      },
    }
    this.call = openLink<FaceFunctions, object>(port, {}, { timeoutMs: 30_000 }) as unknown as FaceFunctions
  }

  async load(): Promise<this> {
    unwrap(await this.call.load({ packsFolder, packId: 'starter' }))
    return this
  }

  pushFrame(sessionId: string, frameNo: number, jpeg: Uint8Array, capturedAtMs = frameNo): void {
    this.child.send(encodeFrame({ sessionId, frameNo, capturedAtMs, jpeg }) as unknown as object)
  }

  async nextLive(): Promise<LivePacket> {
    const count = this.live.length
    while (this.live.length === count)
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
    return this.live.at(-1)!
  }

  async end(): Promise<void> {
    this.child.kill()
    await this.exited
  }
}
