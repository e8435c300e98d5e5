/** The browser's debugging pipe: JSON messages that end with a zero byte. Only the process that started the browser has it. */
import type { Readable, Writable } from 'node:stream'

type Fields = Readonly<Record<string, unknown>>
interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Fields
  readonly sessionId?: string
  readonly result?: Fields
  readonly error?: { readonly message?: string }
}
interface Waiting {
  readonly resolve: (result: Fields) => void
  readonly reject: (error: Error) => void
}

/** A longer message is none of those that are asked for here. */
const messageBytesMax = 16 * 1024 * 1024

export class DevtoolsPipe {
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Map<string, (parameters: Fields, sessionId: string | undefined) => void>()
  #parts: Buffer[] = []
  #partBytes = 0
  #calls = 0
  #closed = false

  constructor(
    readonly output: Writable,
    input: Readable,
  ) {
    input.on('data', (chunk: Buffer) => this.#take(chunk))
    for (const stream of [input, output]) {
      stream.on('error', () => this.#close())
      stream.on('close', () => this.#close())
    }
  }

  /** Calls a method of the browser, or of the page of a session. @throws Error where the browser refuses or has ended */
  call(method: string, params: Fields = {}, sessionId?: string): Promise<Fields> {
    if (this.#closed) return Promise.reject(new Error(`${method}: the browser has ended`))
    const id = ++this.#calls
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) })
      this.output.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`)
    })
  }

  /** Hears an event; one listener for each. */
  on(method: string, listener: (parameters: Fields, sessionId: string | undefined) => void): void {
    this.#listeners.set(method, listener)
  }

  #take(chunk: Buffer): void {
    let from = 0
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      this.#parts.push(chunk.subarray(from, end))
      this.#hear(Buffer.concat(this.#parts).toString('utf8'))
      this.#parts = []
      this.#partBytes = 0
      from = end + 1
    }
    if (from === chunk.length) return
    this.#partBytes += chunk.length - from
    if (this.#partBytes > messageBytesMax) this.#close()
    else this.#parts.push(chunk.subarray(from))
  }

  #hear(text: string): void {
    const message = JSON.parse(text) as Message
    if (message.method !== undefined) {
      this.#listeners.get(message.method)?.(message.params ?? {}, message.sessionId)
      return
    }
    const waiting = this.#waiting.get(message.id ?? 0)
    this.#waiting.delete(message.id ?? 0)
    if (message.error === undefined) waiting?.resolve(message.result ?? {})
    else waiting?.reject(new Error(message.error.message ?? 'refused'))
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const { reject } of this.#waiting.values()) reject(new Error('the browser has ended'))
    this.#waiting.clear()
    this.output.destroy()
  }
}
