/** Packs that are not what they should be, each refused by its code before its networks run, and a sound one. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../../src/contract/errors.ts'
import { checkPack } from '../../../../src/face/import/checkPack.ts'
import { OnnxGraph } from '../../../../src/face/starter/onnxGraph.ts'
import { packsFolder, starterPackThere } from '../../../support/facePack.ts'
import {
  changed,
  inHalf,
  jsonBytes,
  manifestFor,
  type OnnxModelProto,
  packFiles,
  randomNumbers,
  smallEmbedding,
  zipWith,
} from '../../../support/madeUpPack.ts'
import { onnxProto } from '../../../support/onnx.ts'
import { type ZipEntry, zipOf } from '../../../support/zipFile.ts'

let folder = ''
let staging = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vultus-import-'))
  staging = join(folder, 'staging')
  await mkdir(staging)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const check = (source: string | undefined, more: { trustedKeys?: string[]; trust?: boolean } = {}) =>
  checkPack({ source, folder: staging, packsFolder, trustedKeys: [], trust: true, ...more }, () => performance.now())

async function zipped(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'pack.zip')
  await writeFile(path, bytes)
  return path
}

const code = (value: ErrorCode) => expect.objectContaining({ code: value })
const model = smallEmbedding()
const sound = packFiles()
const withMore = (...more: ZipEntry[]) => zipOf([...sound, ...more])
const text = (words: string) => new TextEncoder().encode(words)
const embeddingWith = (change: object) => {
  const manifest = manifestFor(model)
  return { ...manifest, roles: { embedding: { ...manifest.roles.embedding, ...change } } }
}
const weightOf = (proto: OnnxModelProto) => proto.graph!.initializer![0]!

const { TensorProto } = onnxProto

/** What is wrong, the bytes of the zip file, the code. */
const bad: readonly (readonly [string, () => Uint8Array, ErrorCode])[] = [
  ['a file that is no zip file', () => text('no zip file at all, but long enough for its end record'), 'pack.unreadable'],
  ['a zip file that was cut', () => zipWith(model).subarray(0, 5000), 'pack.unreadable'],
  ['no manifest', () => zipOf(sound.slice(1)), 'pack.unreadable'],
  ['a manifest that is not JSON', () => zipOf([{ name: 'manifest.json', data: text('{') }, sound[1]!]), 'model.invalid'],
  ['a model without a licence', () => zipWith(model, embeddingWith({ licence: '' })), 'model.invalid'],
  ['a file name in the manifest with a path', () => zipWith(model, embeddingWith({ file: '../embedding.onnx' })), 'model.invalid'],
  ['a path that leaves the pack', () => withMore({ name: '../outside.txt', data: text('x') }), 'pack.unsafe'],
  ['an absolute path', () => withMore({ name: '/etc/outside.txt', data: text('x') }), 'pack.unsafe'],
  ['a path with a drive', () => withMore({ name: 'C:\\outside.txt', data: text('x') }), 'pack.unsafe'],
  ['a folder', () => withMore({ name: 'deep/inside.txt', data: text('x') }), 'pack.unsafe'],
  ['a link', () => withMore({ name: 'notes.txt', data: text('/etc/passwd'), mode: 0o120777 }), 'pack.unsafe'],
  ['a name twice', () => withMore(sound[1]!), 'pack.unsafe'],
  ['a name twice but for capitals', () => withMore({ ...sound[1]!, name: 'Embedding.onnx' }), 'pack.unsafe'],
  ['a file that the manifest does not name', () => withMore({ name: 'further.bin', data: text('x') }), 'pack.unsafe'],
  ['a program beside the model', () => withMore({ name: 'run.js', data: text('x') }), 'pack.unsafe'],
  ['an encrypted file', () => withMore({ name: 'notes.txt', data: text('x'), flags: 1 }), 'pack.unreadable'],
  ['an unknown compression', () => withMore({ name: 'notes.txt', data: text('x'), method: 99 }), 'pack.unreadable'],
  [
    'more files than a pack has',
    () => withMore(...Array.from({ length: 40 }, (_, i) => ({ name: `${i}.txt`, data: text('x') }))),
    'pack.tooLarge',
  ],
  ['a note that is a zip bomb', () => withMore({ name: 'notes.txt', data: new Uint8Array(64 * 1024 * 1024) }), 'pack.tooLarge'],
  [
    'a zip bomb that lies about its size',
    () => withMore({ name: 'notes.txt', data: new Uint8Array(64 * 1024 * 1024), size: 100 }),
    'pack.unsafe',
  ],
  ['a file that is shorter than it says', () => withMore({ name: 'notes.txt', data: text('x'), size: 100 }), 'pack.unsafe'],
  ['a model that is not there', () => zipOf(sound.slice(0, 1)), 'model.missing'],
  ['a wrong hash', () => zipWith(model, embeddingWith({ sha256: '0'.repeat(64) })), 'model.invalid'],
  ['a wrong size', () => zipWith(model, embeddingWith({ bytes: model.length + 1 })), 'model.invalid'],
  ['a model that was cut', () => zipWith(model.slice(0, model.length - 100)), 'model.invalid'],
  ['a model that is text', () => zipWith(text('<html>not found</html>') as Uint8Array<ArrayBuffer>), 'model.invalid'],
]

/** What is changed in the graph, the change, the code. */
const badGraphs: readonly (readonly [string, (proto: OnnxModelProto) => void, ErrorCode])[] = [
  [
    'an operator of a domain of its own',
    (proto) => {
      proto.graph!.node![0]!.domain = 'com.example'
    },
    'model.unsupported',
  ],
  [
    'an operator that loops',
    (proto) => {
      proto.graph!.node![0]!.opType = 'Loop'
    },
    'model.unsupported',
  ],
  [
    'an unknown operator',
    (proto) => {
      proto.graph!.node![0]!.opType = 'RunProgram'
    },
    'model.unsupported',
  ],
  [
    'a graph inside of a node',
    (proto) => {
      proto.graph!.node![0]!.attribute!.push({ name: 'body', type: 5, g: { name: 'body' } })
    },
    'model.unsupported',
  ],
  [
    'functions of its own',
    (proto) => {
      ;(proto as { functions?: object[] }).functions = [{ name: 'own', domain: 'own' }]
    },
    'model.unsupported',
  ],
  [
    'an operator set that is too old',
    (proto) => {
      proto.opsetImport![0]!.version = 4
    },
    'model.unsupported',
  ],
  [
    'an operator set that is too new',
    (proto) => {
      proto.opsetImport![0]!.version = 99
    },
    'model.unsupported',
  ],
  [
    'weights in another file',
    (proto) => {
      const weight = weightOf(proto)
      weight.rawData = new Uint8Array()
      weight.externalData = [{ key: 'location', value: '../../../etc/passwd' }]
      weight.dataLocation = TensorProto.DataLocation.EXTERNAL
    },
    'pack.unsafe',
  ],
  [
    'weights that are not numbers',
    (proto) => {
      weightOf(proto).rawData = new Uint8Array(randomNumbers(588 * 32, 1).fill(Number.NaN, 7, 8).buffer)
    },
    'model.weightsInvalid',
  ],
  [
    'infinite weights, one by one',
    (proto) => {
      const weight = weightOf(proto)
      weight.rawData = new Uint8Array()
      weight.floatData = [...randomNumbers(588 * 32, 1).fill(Number.POSITIVE_INFINITY, 7, 8)]
    },
    'model.weightsInvalid',
  ],
  [
    'fewer weights than dimensions',
    (proto) => {
      weightOf(proto).rawData = weightOf(proto).rawData!.subarray(0, 400)
    },
    'model.weightsInvalid',
  ],
  [
    'a huge tensor',
    (proto) => {
      weightOf(proto).dims = [1_000_000, 1_000_000]
    },
    'model.unsupported',
  ],
  [
    'a tensor of negative size',
    (proto) => {
      weightOf(proto).dims = [-1, 32]
    },
    'model.unsupported',
  ],
  [
    'two inputs',
    (proto) => {
      proto.graph!.input!.push({ ...proto.graph!.input![0]!, name: 'second' })
    },
    'model.unsupported',
  ],
  [
    'an input of another size',
    (proto) => {
      proto.graph!.input![0]!.type!.tensorType!.shape!.dim![2] = { dimValue: 224 }
    },
    'model.unsupported',
  ],
  [
    'a template of another dimension',
    (proto) => {
      proto.graph!.output![0]!.type!.tensorType!.shape!.dim![1] = { dimValue: 512 }
    },
    'model.unsupported',
  ],
  [
    'no graph',
    (proto) => {
      proto.graph = null
    },
    'model.invalid',
  ],
]

describe.skipIf(!starterPackThere)('a pack is refused', () => {
  test.each(bad)('for %s', async (_, bytes, expected) => {
    await expect(check(await zipped(bytes()))).rejects.toEqual(code(expected))
    expect(await readdir(folder)).toEqual(['pack.zip', 'staging'])
  })

  test.each(badGraphs.filter(([name]) => name !== 'functions of its own'))('for %s', async (_, change, expected) => {
    await expect(check(await zipped(zipWith(changed(model, change))))).rejects.toEqual(code(expected))
  })

  test('for functions of its own', async () => {
    // Field 25 of the model, of one byte.
    const bytes = Uint8Array.from([...model, 0xca, 0x01, 0x00])
    await expect(check(await zipped(zipWith(bytes)))).rejects.toEqual(code('model.unsupported'))
  })

  test('for a folder with a link in it', async () => {
    const source = join(folder, 'source')
    await mkdir(source)
    for (const { name, data } of sound) await writeFile(join(source, name), data)
    await symlink('/etc/passwd', join(source, 'notes.txt'))
    await expect(check(source)).rejects.toEqual(code('pack.unsafe'))
  })

  test('for templates that do not depend on the picture', async () => {
    const constant = changed(model, (proto) => {
      weightOf(proto).rawData = new Uint8Array(new Float32Array(588 * 32).buffer)
    })
    await expect(check(await zipped(zipWith(constant)))).rejects.toEqual(code('model.selfTestFailed'))
  })

  test('where it is not there', async () => {
    await expect(check(join(folder, 'absent.zip'))).rejects.toEqual(code('pack.unreadable'))
  })
})

describe.skipIf(!starterPackThere)('trust', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const signed = (signature: Uint8Array, manifest = sound[0]!.data) =>
    zipOf([{ name: 'manifest.json', data: manifest }, sound[1]!, { name: 'manifest.sig', data: signature }])
  const signature = sign(null, sound[0]!.data, privateKey)

  test('an unsigned pack needs the trust of somebody', async () => {
    await expect(check(await zipped(zipOf(sound)), { trust: false, trustedKeys: [spki] })).rejects.toEqual(code('pack.untrusted'))
  })

  test('a signature of a trusted key is enough', async () => {
    const report = await check(await zipped(signed(signature)), { trust: false, trustedKeys: ['no key', spki] })
    expect(report.signature).toMatchObject({ state: 'valid' })
  })

  test('a signature of another key, of other bytes or of no key is none', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    const altered = jsonBytes({ ...manifestFor(model), name: 'Another name' })
    for (const [zip, keys] of [
      [signed(signature), [other]],
      [signed(signature, altered), [spki]],
      [signed(new Uint8Array(64)), [spki]],
      [signed(new Uint8Array(3)), [spki]],
      [signed(signature), []],
    ] as const) {
      await rm(staging, { recursive: true })
      await mkdir(staging)
      await expect(check(await zipped(zip), { trust: false, trustedKeys: [...keys] })).rejects.toEqual(code('pack.untrusted'))
    }
  })
})

describe.skipIf(!starterPackThere)('a sound pack', () => {
  test('passes as a zip file, and says what is in it', async () => {
    const report = await check(await zipped(withMore({ name: 'LICENSE.txt', data: text('words') })))
    expect(report).toMatchObject({
      pack: {
        id: 'made-up',
        complete: true,
        builtIn: false,
        dimension: 32,
        families: { embedding: 'arcface-112' },
        licences: ['CC0-1.0'],
      },
      signature: { state: 'none', key: null },
      files: [{ file: 'embedding.onnx', opset: 13, operators: ['AveragePool', 'Flatten', 'Identity', 'MatMul'], parameters: 588 * 32 }],
      selfTest: { padScore: null },
    })
    expect(report.pack.model).toMatch(/^made-up@1\.0\.0\+starter@\d/)
    expect(report.selfTest.mateScore).toBeGreaterThan(report.selfTest.impostorScore)
    expect((await readdir(staging)).sort()).toEqual(['LICENSE.txt', 'embedding.onnx', 'manifest.json'])
  })

  test('passes with weights of half precision, with float32 at its ends', async () => {
    const half = (floats: Float32Array) => new Uint8Array(new Float16Array(floats).buffer)
    const graph = new OnnxGraph('half')
    const input = graph.input('input', ['batch', 3, 112, 112])
    const flat = graph.node('Flatten', [graph.node('AveragePool', [input], { kernel_shape: [8, 8], strides: [8, 8] })], { axis: 1 })
    const weights = graph.node('Cast', [graph.floats(randomNumbers(588 * 32, 1), [588, 32])], { to: 1 })
    graph.output('template', graph.node('MatMul', [flat, weights]), ['batch', 32])
    const halved = (numbers: Float32Array) =>
      changed(new Uint8Array(graph.encode()), (proto) => {
        weightOf(proto).dataType = TensorProto.DataType.FLOAT16
        weightOf(proto).rawData = half(numbers)
      })
    await check(await zipped(zipWith(halved(randomNumbers(588 * 32, 1)))))
    for (const bad of [
      ['model.weightsInvalid', halved(randomNumbers(588 * 32, 1).fill(Number.NaN, 9, 10))],
      [
        'model.unsupported',
        changed(model, (proto) => {
          proto.graph!.input![0]!.type!.tensorType!.elemType = TensorProto.DataType.UINT8
        }),
      ],
    ] as const) {
      await rm(staging, { recursive: true })
      await mkdir(staging)
      await expect(check(await zipped(zipWith(bad[1])))).rejects.toEqual(code(bad[0]))
    }
  })

  test('passes in half precision from end to end, and finds nearly what single precision finds', async () => {
    const half = await check(await zipped(zipWith(inHalf(model))))
    await rm(staging, { recursive: true })
    await mkdir(staging)
    const single = await check(await zipped(zipWith(model)))
    expect(half.selfTest.mateScore).toBeCloseTo(single.selfTest.mateScore, 3)
    expect(half.selfTest.impostorScore).toBeCloseTo(single.selfTest.impostorScore, 3)
  })

  test('passes with sums of 8 bits', async () => {
    const graph = new OnnxGraph('integers')
    const input = graph.input('input', ['batch', 3, 112, 112])
    const flat = graph.node('Flatten', [graph.node('AveragePool', [input], { kernel_shape: [8, 8], strides: [8, 8] })], { axis: 1 })
    // As quantising tools export it: x * 127 as int8 by int8 weights, summed as int32, back to numbers.
    const scale = graph.floats(Float32Array.of(1 / 127), [])
    const zero = graph.node('Cast', [graph.floats(Float32Array.of(0), [])], { to: 3 })
    const values = graph.node('QuantizeLinear', [flat, scale, zero])
    const rounded = randomNumbers(588 * 32, 1).map((value) => Math.round(value * 80))
    const weights = graph.node('Cast', [graph.floats(rounded, [588, 32])], { to: 3 })
    const sums = graph.node('Cast', [graph.node('MatMulInteger', [values, weights])], { to: 1 })
    graph.output('template', graph.node('Mul', [sums, scale]), ['batch', 32])
    const report = await check(await zipped(zipWith(new Uint8Array(graph.encode()))))
    expect(report.files[0]!.operators).toEqual(expect.arrayContaining(['MatMulInteger', 'QuantizeLinear']))
    expect(report.selfTest.mateScore).toBeGreaterThan(report.selfTest.impostorScore)
  })

  test('passes with weights of 8 bits', async () => {
    const graph = new OnnxGraph('quantised')
    const input = graph.input('input', ['batch', 3, 112, 112])
    const flat = graph.node('Flatten', [graph.node('AveragePool', [input], { kernel_shape: [8, 8], strides: [8, 8] })], { axis: 1 })
    const weights = graph.node(
      'Cast',
      [
        graph.floats(
          randomNumbers(588 * 32, 1).map((value) => Math.round(value * 80)),
          [588, 32],
        ),
      ],
      { to: 3 },
    )
    const scale = graph.floats(Float32Array.of(1 / 80), [])
    graph.output('template', graph.node('MatMul', [flat, graph.node('DequantizeLinear', [weights, scale])]), ['batch', 32])
    const report = await check(await zipped(zipWith(new Uint8Array(graph.encode()))))
    expect(report.files[0]!.operators).toContain('DequantizeLinear')
  })

  test('passes as a folder, stored or packed, and again where it is installed', async () => {
    const source = join(folder, 'source')
    await mkdir(source)
    for (const { name, data } of sound) await writeFile(join(source, name), data)
    await check(source)
    await expect(check(undefined)).resolves.toMatchObject({ pack: { id: 'made-up' } })
    await writeFile(join(staging, 'embedding.onnx'), 'something else')
    await expect(check(undefined)).rejects.toEqual(code('model.invalid'))
  })
})
