/** The shared memory that rows live in. It grows in steps and never moves: what was written stays at its address. */
import { VultusError } from '../contract/errors.ts'

const pageBytes = 65_536
/** Grown by at least this much at a time, as far as the limit allows. */
const stepBytes = 16 * 1024 * 1024
/** All that 32-bit addresses reach. */
export const memoryBytesLimit = 65_536 * pageBytes

export class RowMemory {
  readonly memory: WebAssembly.Memory
  readonly #bytesMax: number

  /** @param bytesMax limit of the memory, at most 4 GiB @throws VultusError resource.exhausted */
  constructor(bytesMax: number) {
    this.#bytesMax = Math.floor(Math.min(bytesMax, memoryBytesLimit) / pageBytes) * pageBytes
    try {
      this.memory = new WebAssembly.Memory({ initial: 1, maximum: this.#bytesMax / pageBytes, shared: true })
    } catch (cause) {
      throw new VultusError('resource.exhausted', 'no address space for the gallery', { cause })
    }
  }

  /** All of the memory as it is now; after a growth this is another object. */
  get buffer(): ArrayBufferLike {
    return this.memory.buffer
  }

  /** Makes sure that this many bytes are there. @throws VultusError resource.exhausted; nothing has changed then */
  reserve(bytes: number): void {
    const missing = bytes - this.buffer.byteLength
    if (missing <= 0) return
    if (bytes > this.#bytesMax) throw new VultusError('resource.exhausted', `the gallery is limited to ${this.#bytesMax} bytes`)
    const wanted = Math.min(Math.max(missing, stepBytes), this.#bytesMax - this.buffer.byteLength)
    try {
      this.memory.grow(Math.ceil(wanted / pageBytes))
    } catch (cause) {
      throw new VultusError('resource.exhausted', 'the memory of the gallery cannot grow', { cause })
    }
  }
}
