/**
 * Compiling the kernel so that neighbouring 128-bit instructions become 256-bit ones. V8 can do that on processors with AVX2, which
 * halves the instructions of the scans, but only behind a flag, as an experiment. So nothing is trusted: what was compiled that way is
 * used when it has answered the same bits as the scalar reference on numbers of every kind, and else compiled as usual.
 */
import { setFlagsFromString } from 'node:v8'

/** The optimising compiler at once, for this module alone: a check of what is replaced later would say nothing. */
const flags = ['--experimental-wasm-revectorize', '--no-liftoff', '--no-wasm-lazy-compilation']
const usual = ['--no-experimental-wasm-revectorize', '--liftoff', '--wasm-lazy-compilation']

/**
 * @param bytes of a build with SIMD
 * @param reference the scalar build
 * @param drill what a module computes, as a text
 * @returns the module; a machine or an engine that does not widen gives the same as usual
 */
export function compileWidened(
  bytes: BufferSource,
  reference: BufferSource,
  drill: (module: WebAssembly.Module) => string,
): WebAssembly.Module {
  const module = compiledWith(bytes)
  return drill(module) === drill(new WebAssembly.Module(reference)) ? module : new WebAssembly.Module(bytes)
}

function compiledWith(bytes: BufferSource): WebAssembly.Module {
  for (const flag of flags) setFlagsFromString(flag)
  try {
    return new WebAssembly.Module(bytes)
  } finally {
    for (const flag of usual) setFlagsFromString(flag)
  }
}
