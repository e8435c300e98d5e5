/** Whether the inputs and outputs of a graph are those of the role that the manifest gives it. */
import { VultusError } from '../../contract/errors.ts'
import type { ManifestFile, PackManifest } from '../../contract/manifest.ts'
import type { Dimension, OnnxModel } from './onnxModel.ts'

/** Float32 and float16. The weights inside may be of half precision or of 8 bits, too. */
const portTypes: readonly number[] = [1, 10]

/** How many outputs each family has. */
const outputsOf = { blazeface: 4, yunet: 12, scrfd: 9, facemesh: 2, 'dlib-150': 1, 'arcface-112': 1, minifasnet: 1 } as const

const textOf = (dims: readonly Dimension[]) => dims.map((size) => size ?? 'any').join(' x ')

/** @throws VultusError model.unsupported */
export function checkPorts(manifest: PackManifest, { role, file }: ManifestFile, graph: OnnxModel): void {
  const { family, input } = roleOf(manifest, role, file)
  const refuse = (why: string) => new VultusError('model.unsupported', `${file}: ${why}`)
  const [port, ...further] = graph.inputs
  if (port === undefined || further.length > 0) throw refuse(`${graph.inputs.length} inputs instead of one`)
  const wanted = [undefined, 3, input.height, input.width]
  const fits =
    port.dims.length === 4 && wanted.every((size, at) => size === undefined || port.dims[at] === undefined || port.dims[at] === size)
  if (!fits) throw refuse(`the input is ${textOf(port.dims)}, the manifest says ${textOf(wanted)}`)
  if (![port, ...graph.outputs].every(({ type }) => portTypes.includes(type)))
    throw refuse('inputs and outputs have to be float32 or float16')
  if (graph.outputs.length !== outputsOf[family])
    throw refuse(`${graph.outputs.length} outputs instead of the ${outputsOf[family]} of ${family}`)
  const dimension = graph.outputs[0]?.dims.at(-1)
  const expected = manifest.roles.embedding.dimension
  if (role === 'embedding' && dimension !== undefined && dimension !== expected)
    throw refuse(`the template has ${dimension} numbers, the manifest says ${expected}`)
}

function roleOf({ roles }: PackManifest, role: ManifestFile['role'], file: string) {
  const named = role === 'pad' ? roles.pad?.networks.find((network) => network.file === file) : roles[role]
  const family = roles[role]?.family
  if (named === undefined || family === undefined) throw new RangeError(`no role ${role} with ${file}`)
  return { family, input: named.input }
}
