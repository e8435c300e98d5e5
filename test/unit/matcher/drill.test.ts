import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drill } from '../../../src/matcher/drill.ts'
import { binderOf, type Kernel, kernelNames, loadKernel } from '../../../src/matcher/kernelFile.ts'
import { compileWidened } from '../../../src/matcher/widening.ts'
import { builtKernels } from './galleries.ts'

let kernels: ReturnType<typeof builtKernels>
let module: WebAssembly.Module
beforeAll(() => {
  kernels = builtKernels()
  module = loadKernel(kernels.url, 'relaxed').module
}, 180_000)
afterAll(() => kernels.remove())

it('the drill of every kernel is the same', () => {
  const answers = kernelNames.map((name) => drill(loadKernel(kernels.url, name).bind))
  expect(new Set(answers).size).toBe(1)
})

/** A kernel of which one function answers something else at one place of one call. */
const wrongIn =
  (name: 'scanPacked' | 'scanFlat' | 'scanBatch' | 'refine', words: number): Kernel['bind'] =>
  (memory) => {
    const right = binderOf(module)(memory)
    let done = false
    const call = (...given: number[]) => {
      const found = (right[name] as (...given: number[]) => number)(...given)
      const out = given[given.length - 2] as number
      if (found > 0 && !done) new Int32Array(memory.buffer)[out / 4 + words - 1]! ^= 1
      done ||= found > 0
      return found
    }
    return { ...right, [name]: call }
  }

it.each([
  ['scanPacked', 1],
  ['scanFlat', 1],
  ['scanBatch', 1],
  ['refine', 2],
] as const)('one wrong bit of %s shows', (name, words) => {
  expect(drill(wrongIn(name, words))).not.toBe(drill(binderOf(module)))
})

it('code that does not agree with the reference is compiled as usual', () => {
  const bytes = readFileSync(new URL('kernel.wasm', kernels.url))
  const reference = readFileSync(new URL('kernel-scalar.wasm', kernels.url))
  const asked: WebAssembly.Module[] = []
  const disagreeing = (one: WebAssembly.Module) => String(asked.push(one))
  expect(asked).not.toContain(compileWidened(bytes, reference, disagreeing))
  expect(asked).toHaveLength(2)
  const agreeing = (one: WebAssembly.Module) => {
    asked.push(one)
    return 'the same'
  }
  expect(asked).toContain(compileWidened(bytes, reference, agreeing))
})
