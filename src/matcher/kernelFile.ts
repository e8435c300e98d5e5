/** Finds and compiles the kernel: the SIMD build where this machine takes it, else the scalar one. */
import { existsSync, readFileSync } from 'node:fs'

export type KernelName = 'simd' | 'scalar'

/** What both builds export; kernel/simd.ts says what the parameters mean. Addresses are bytes from the start of the memory. */
export interface KernelFunctions {
  scan(rows: number, count: number, stride: number, query: number, cut: number, out: number): number
  stream(from: number, bytes: number): number
}

export interface Kernel {
  readonly name: KernelName
  /** Binds the kernel to a shared memory of at most 4 GiB. */
  bind(memory: WebAssembly.Memory): KernelFunctions
}

const fileNames = { simd: 'kernel.wasm', scalar: 'kernel-scalar.wasm' } as const

/** Where out/kernel lies, seen from a built entry (out/main), from a shared chunk (out/main/chunks) and from the source (src/matcher). */
const places = ['../kernel/', '../../kernel/', '../../out/kernel/']

/** @returns the folder of the built kernels @throws Error naming the fix where they were not built */
export function kernelFolder(): URL {
  for (const place of places) {
    const folder = new URL(place, import.meta.url)
    if (existsSync(new URL(fileNames.scalar, folder))) return folder
  }
  throw new Error('The matcher kernel is not built; run: node src/matcher/kernel/build.mjs out/kernel')
}

/**
 * @param folder where the wasm files lie
 * @param wanted takes that build instead of choosing by what the machine can do
 */
export function loadKernel(folder: URL, wanted?: KernelName): Kernel {
  if (wanted !== 'scalar') {
    const bytes = readFileSync(new URL(fileNames.simd, folder))
    if (WebAssembly.validate(bytes)) return compiled('simd', bytes)
    if (wanted === 'simd') throw new Error('This machine cannot run the SIMD kernel')
  }
  return compiled('scalar', readFileSync(new URL(fileNames.scalar, folder)))
}

function compiled(name: KernelName, bytes: BufferSource): Kernel {
  const module = new WebAssembly.Module(bytes)
  return {
    name,
    // The build that wrote the file fixes its exports; a test calls each of them.
    bind: (memory) => new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelFunctions,
  }
}
