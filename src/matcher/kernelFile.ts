/** Finds and compiles the kernel: the build with relaxed SIMD where this machine takes it, else plain SIMD, else scalar. */
import { existsSync, readFileSync } from 'node:fs'
import { drill } from './drill.ts'
import type { Bind, KernelFunctions } from './kernelFunctions.ts'
import { compileWidened } from './widening.ts'

/** Best first. All give the same bits. */
export const kernelNames = ['relaxed', 'simd', 'scalar'] as const
export type KernelName = (typeof kernelNames)[number]

export interface Kernel {
  readonly name: KernelName
  /** Crosses to workers, which bind it to the same memories. */
  readonly module: WebAssembly.Module
  readonly bind: Bind
}

/** The plain name belongs to the build that most machines take. */
const fileOf = (name: KernelName) => (name === 'relaxed' ? 'kernel.wasm' : `kernel-${name}.wasm`)

/** Where out/kernel lies, seen from a built entry (out/main), from a shared chunk (out/main/chunks) and from the source (src/matcher). */
const places = ['../kernel/', '../../kernel/', '../../out/kernel/']

/** @returns the folder of the built kernels @throws Error naming the fix where they were not built */
export function kernelFolder(): URL {
  for (const place of places) {
    const folder = new URL(place, import.meta.url)
    if (existsSync(new URL(fileOf('scalar'), folder))) return folder
  }
  throw new Error('The matcher kernel is not built; run: node src/matcher/kernel/build.mjs out/kernel')
}

/**
 * @param folder where the wasm files lie
 * @param wanted takes that build instead of choosing by what the machine can do
 * @throws Error where this machine cannot run what is wanted
 */
export function loadKernel(folder: URL, wanted?: KernelName): Kernel {
  for (const name of wanted === undefined ? kernelNames : [wanted]) {
    const bytes = readFileSync(new URL(fileOf(name), folder))
    if (!WebAssembly.validate(bytes)) continue
    if (name === 'scalar') return kernelOf(name, new WebAssembly.Module(bytes))
    const reference = readFileSync(new URL(fileOf('scalar'), folder))
    return kernelOf(
      name,
      compileWidened(bytes, reference, (module) => drill(binderOf(module))),
    )
  }
  throw new Error(`This machine cannot run the ${wanted ?? 'scalar'} kernel`)
}

/** The kernel of a compiled build. */
export const kernelOf = (name: KernelName, module: WebAssembly.Module): Kernel => ({ name, module, bind: binderOf(module) })

/** The build that wrote the file fixes its exports; a test calls each of them. */
export const binderOf =
  (module: WebAssembly.Module): Bind =>
  (memory) =>
    new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelFunctions
