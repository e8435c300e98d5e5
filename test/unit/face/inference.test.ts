/** Networks in this thread and in one of their own: the same answers, the same refusals, and nobody waits for a network that loads. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runtimeHere } from '../../../src/face/inference/here.ts'
import type { ModelFile } from '../../../src/face/inference/modelFile.ts'
import type { Runtime } from '../../../src/face/inference/runtime.ts'
import { ThreadRuntime } from '../../../src/face/inference/threadRuntime.ts'
import { Network } from '../../../src/face/sessions.ts'
import { OnnxGraph } from '../../../src/face/starter/onnxGraph.ts'
import { codeOf } from '../../support/codeOf.ts'
import { changed, inHalf, randomNumbers, smallEmbedding } from '../../support/madeUpPack.ts'
import { onnxProto } from '../../support/onnx.ts'

const shape = [2, 3, 112, 112]
const size = 2 * 3 * 112 * 112
let folder = ''

async function modelFile(name: string, bytes: Uint8Array): Promise<ModelFile> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** A network of eight million weights, which takes a moment to load. */
function largeNetwork(): Uint8Array {
  const graph = new OnnxGraph('large')
  const flat = graph.node('Flatten', [graph.input('input', ['batch', 3, 32, 32])], { axis: 1 })
  const wide = graph.node('MatMul', [flat, graph.floats(randomNumbers(3072 * 2600, 1), [3072, 2600])])
  graph.output('out', graph.node('MatMul', [wide, graph.floats(randomNumbers(2600 * 8, 2), [2600, 8])]), ['batch', 8])
  return graph.encode()
}

/** A network that takes whole numbers. */
function ofWholeNumbers(): Uint8Array {
  const graph = new OnnxGraph('whole')
  graph.output('out', graph.node('Cast', [graph.input('input', ['batch', 3, 32, 32])], { to: 1 }), ['batch', 3, 32, 32])
  return changed(new Uint8Array(graph.encode()), (proto) => {
    proto.graph!.input![0]!.type!.tensorType!.elemType = onnxProto.TensorProto.DataType.UINT8
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vultus-inference-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const runtimes: readonly [string, () => Runtime][] = [
  ['here', () => runtimeHere()],
  ['in a thread', () => new ThreadRuntime()],
]

describe.each(runtimes)('a network %s', (_, makeRuntime) => {
  test('gives what it gives anywhere, and overwrites or takes what it was given', async () => {
    const file = await modelFile('small.onnx', smallEmbedding())
    const values = randomNumbers(size, 7) as Float32Array<ArrayBuffer>
    const expected = (await (await runtimeHere().load(file)).run(values.slice(), shape))[0]!
    const network = await makeRuntime().load(file)
    expect(network.batch).toBeUndefined()
    const [output] = await network.run(values, shape)
    expect(output!.dims).toEqual([2, 32])
    expect(Array.from(output!.data)).toEqual(Array.from(expected.data))
    // Moved away, or zero.
    expect(values.length === 0 || values.every((value) => value === 0)).toBe(true)
    await network.release()
    expect(await codeOf(network.run(new Float32Array(size), shape))).toBe('inference.failed')
  })

  test('of half precision gives nearly the same, and nothing that is not finite', async () => {
    const network = await makeRuntime().load(await modelFile('half.onnx', inHalf(smallEmbedding())))
    const single = await runtimeHere().load(await modelFile('single.onnx', smallEmbedding()))
    const values = randomNumbers(size, 7) as Float32Array<ArrayBuffer>
    const expected = (await single.run(values.slice(), shape))[0]!
    const [output] = await network.run(values.slice(), shape)
    expect(output!.data).toBeInstanceOf(Float32Array)
    expect(output!.dims).toEqual([2, 32])
    for (const [at, value] of output!.data.entries()) expect(Math.abs(value - expected.data[at]!)).toBeLessThan(0.02)
    expect(output!.data.some((value) => Math.abs(value) > 0.1)).toBe(true)
    // The largest half is 65,504: what is beyond is infinite.
    expect(
      await codeOf(
        network.run(
          values.map((value) => value * 1e6),
          shape,
        ),
      ),
    ).toBe('inference.failed')
    await Promise.all([network.release(), single.release()])
  })

  test('is refused with its code where its file is not there, another one, or no network', async () => {
    const runtime = makeRuntime()
    const file = await modelFile('good.onnx', smallEmbedding())
    expect(await codeOf(runtime.load({ ...file, path: join(folder, 'absent.onnx') }))).toBe('model.missing')
    expect(await codeOf(runtime.check({ ...file, sha256: '0'.repeat(64) }))).toBe('model.invalid')
    expect(await codeOf(runtime.load(await modelFile('text.onnx', new TextEncoder().encode('no network'))))).toBe('model.loadFailed')
    expect(await codeOf(runtime.load(await modelFile('whole.onnx', ofWholeNumbers())))).toBe('model.loadFailed')
    // What was refused keeps the next one from nothing.
    await runtime.check(file)
    await (await runtime.load(file)).release()
  })

  test('answers several at a time, each with its own', async () => {
    const file = await modelFile('several.onnx', smallEmbedding())
    const network = new Network(file, makeRuntime())
    const inputs = [1, 2, 3, 4].map((seed) => randomNumbers(size, seed) as Float32Array<ArrayBuffer>)
    const alone = new Network(file)
    const expected = []
    for (const input of inputs) expected.push(Array.from((await alone.run(input.slice(), shape))[0]!))
    const answers = await Promise.all(inputs.map((input) => network.run(input, shape)))
    expect(answers.map(([output]) => Array.from(output!))).toEqual(expected)
    await Promise.all([network.release(), alone.release()])
    // It is loaded again where it is asked again.
    expect((await network.run(randomNumbers(size, 1) as Float32Array<ArrayBuffer>, shape))[0]!.length).toBe(64)
    await network.release()
  })
})

test('while a network loads in its thread, this one goes on', async () => {
  const file = await modelFile('large.onnx', largeNetwork())
  /** The longest stretch of processor time that this thread gave to one thing, while something else was under way. */
  const stretchMs = async (work: () => Promise<unknown>): Promise<number> => {
    let [over, longest] = [false, 0]
    const working = work().finally(() => {
      over = true
    })
    while (!over) {
      const { user, system } = process.threadCpuUsage()
      await new Promise((done) => setImmediate(done))
      const after = process.threadCpuUsage()
      longest = Math.max(longest, (after.user + after.system - user - system) / 1000)
    }
    await working
    return longest
  }
  const inThread = new ThreadRuntime()
  // The first call starts the thread.
  await inThread.check(file)
  const [here, beside] = [await stretchMs(() => runtimeHere().load(file)), await stretchMs(() => inThread.load(file))]
  expect(beside).toBeLessThan(here)
})
