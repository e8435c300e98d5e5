/**
 * Looks through an ONNX file without running it: operator set, operators, sizes, weights, inputs and outputs.
 * Numbers of fields are those of onnx.proto (ONNX 1.16).
 */
import { VultusError } from '../../contract/errors.ts'
import { allFinite, checkTensor } from './onnxTensor.ts'
import { operators, opsets } from './operators.ts'
import { bytesIn, type Field, fieldsOf, integerIn, textIn } from './protobuf.ts'

const nodesMax = 20_000
const tensorsMax = 20_000
const floatType = 1

const unsupported = (why: string) => new VultusError('model.unsupported', why)

/** A dimension: a number, or undefined where the caller chooses it. */
export type Dimension = number | undefined

export interface Port {
  readonly name: string
  /** ONNX data type; 1 is float32, 10 float16. */
  readonly type: number
  readonly dims: readonly Dimension[]
}

export interface OnnxModel {
  readonly opset: number
  /** Each operator once, sorted. */
  readonly operators: readonly string[]
  readonly nodes: number
  /** Numbers in the weights. */
  readonly parameters: number
  /** What has to be fed: inputs that are no weights. */
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
}

interface Graph {
  readonly operators: Set<string>
  nodes: number
  tensors: number
  parameters: number
  readonly weights: Set<string>
  readonly inputs: Port[]
  readonly outputs: Port[]
}

/** @throws VultusError model.invalid, model.unsupported, model.weightsInvalid, pack.unsafe */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  let opset: number | undefined
  let graph: Graph | undefined
  for (const field of fieldsOf(bytes)) {
    if (field.number === 7) {
      if (graph !== undefined) throw new VultusError('model.invalid', 'not an ONNX file: two graphs')
      graph = graphOf(bytesIn(field))
    } else if (field.number === 8) opset = opsetOf(field) ?? opset
    else if (field.number === 20) throw unsupported('the file describes a training')
    else if (field.number === 25) throw unsupported('the file brings functions of its own')
  }
  if (graph === undefined || graph.nodes === 0) throw new VultusError('model.invalid', 'not an ONNX file: no graph')
  if (opset === undefined || opset < opsets.min || opset > opsets.max)
    throw unsupported(`operator set ${opset ?? 'of no version'}; ${opsets.min} to ${opsets.max} are accepted`)
  const { nodes, parameters, weights } = graph
  const inputs = graph.inputs.filter(({ name }) => !weights.has(name))
  return { opset, operators: [...graph.operators].sort(), nodes, parameters, inputs, outputs: graph.outputs }
}

const isDefaultDomain = (domain: string) => domain === '' || domain === 'ai.onnx'

/** The version of the default domain; a file may declare further domains that none of its nodes uses. */
function opsetOf(field: Field): number | undefined {
  let domain = ''
  let version: number | undefined
  for (const part of fieldsOf(bytesIn(field))) {
    if (part.number === 1) domain = textIn(part)
    else if (part.number === 2) version = integerIn(part)
  }
  return isDefaultDomain(domain) ? version : undefined
}

function graphOf(message: Uint8Array): Graph {
  const graph: Graph = { operators: new Set(), nodes: 0, tensors: 0, parameters: 0, weights: new Set(), inputs: [], outputs: [] }
  for (const field of fieldsOf(message)) {
    if (field.number === 1) addNode(graph, bytesIn(field))
    else if (field.number === 5) graph.weights.add(addTensor(graph, bytesIn(field)))
    else if (field.number === 11) graph.inputs.push(portOf(bytesIn(field)))
    else if (field.number === 12) graph.outputs.push(portOf(bytesIn(field)))
    else if (field.number === 15) throw unsupported('sparse weights')
  }
  return graph
}

function addTensor(graph: Graph, message: Uint8Array): string {
  if (++graph.tensors > tensorsMax) throw unsupported(`more than ${tensorsMax} tensors`)
  const { name, elements } = checkTensor(message)
  graph.parameters += elements
  return name
}

function addNode(graph: Graph, message: Uint8Array): void {
  if (++graph.nodes > nodesMax) throw unsupported(`more than ${nodesMax} nodes`)
  let operator = ''
  let domain = ''
  for (const field of fieldsOf(message)) {
    if (field.number === 4) operator = textIn(field)
    else if (field.number === 5) checkAttribute(graph, bytesIn(field))
    else if (field.number === 7) domain = textIn(field)
  }
  if (!isDefaultDomain(domain)) throw unsupported(`operator ${shown(operator)} of the domain ${shown(domain)}`)
  if (!operators.has(operator)) throw unsupported(`operator ${shown(operator)}`)
  graph.operators.add(operator)
}

function checkAttribute(graph: Graph, message: Uint8Array): void {
  for (const field of fieldsOf(message)) {
    if (field.number === 5 || field.number === 10) addTensor(graph, bytesIn(field))
    else if (field.number === 6 || field.number === 11) throw unsupported('a node holds a graph of its own')
    else if (field.number === 22 || field.number === 23) throw unsupported('sparse weights')
    else if ((field.number === 2 || field.number === 7) && field.kind !== 'varint' && !allFinite(field.bytes, floatType))
      throw new VultusError('model.weightsInvalid', 'an attribute is not a finite number')
  }
}

/** ValueInfoProto: name, type; of the type only tensors with a shape. */
function portOf(message: Uint8Array): Port {
  let [name, type] = ['', 0]
  let dims: Dimension[] = []
  for (const field of fieldsOf(message)) {
    if (field.number === 1) name = textIn(field)
    if (field.number !== 2) continue
    for (const kind of fieldsOf(bytesIn(field))) {
      if (kind.number !== 1) throw unsupported('an input or output is no tensor')
      for (const part of fieldsOf(bytesIn(kind))) {
        if (part.number === 1) type = integerIn(part)
        else if (part.number === 2) dims = [...fieldsOf(bytesIn(part))].map(dimensionOf)
      }
    }
  }
  return { name, type, dims }
}

function dimensionOf(field: Field): Dimension {
  for (const part of fieldsOf(bytesIn(field))) if (part.number === 1) return integerIn(part)
  return undefined
}

/** A name from the file as a refusal may show it. */
const shown = (name: string) => (name === '' ? '(none)' : name.replace(/[^\w.-]/g, '?').slice(0, 60))
