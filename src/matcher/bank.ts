/** One WebAssembly memory of a gallery as a thread sees it: the kernel bound to it, and views of what is there now. */
import type { Kernel } from './kernelFile.ts'
import type { KernelFunctions } from './kernelFunctions.ts'

export class Bank {
  readonly memory: WebAssembly.Memory
  readonly kernel: KernelFunctions
  #ints: Int32Array<ArrayBufferLike>
  #floats: Float32Array<ArrayBufferLike>
  #bytes: Uint8Array<ArrayBufferLike>

  constructor(memory: WebAssembly.Memory, kernel: Kernel) {
    this.memory = memory
    this.kernel = kernel.bind(memory)
    this.#ints = new Int32Array(memory.buffer)
    this.#floats = new Float32Array(memory.buffer)
    this.#bytes = new Uint8Array(memory.buffer)
  }

  /** Makes sure that the views reach so far: a memory that another thread has grown looks as short as before. */
  see(bytes: number): void {
    if (this.#bytes.byteLength >= bytes) return
    this.#ints = new Int32Array(this.memory.buffer)
    this.#floats = new Float32Array(this.memory.buffer)
    this.#bytes = new Uint8Array(this.memory.buffer)
  }

  /** Words of the memory, as far as was seen. */
  get ints(): Int32Array<ArrayBufferLike> {
    return this.#ints
  }

  get floats(): Float32Array<ArrayBufferLike> {
    return this.#floats
  }

  get bytes(): Uint8Array<ArrayBufferLike> {
    return this.#bytes
  }
}
