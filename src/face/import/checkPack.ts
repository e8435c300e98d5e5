/** The check of a pack, in the order in which a bad one costs least: trust, files, graphs, and only then the networks run. */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VultusError } from '../../contract/errors.ts'
import { filesOf, type PackManifest } from '../../contract/manifest.ts'
import type { PackCheckerFunctions, PackReport } from '../../contract/processes.ts'
import { readModel } from '../inference/modelFile.ts'
import { manifestOf, openPackIn, summaryOf } from '../packs.ts'
import { readOnnx } from './onnxModel.ts'
import { checkPorts } from './ports.ts'
import { selfTest } from './selfTest.ts'
import { signatureOf } from './signature.ts'
import { manifestName, packLimits, signatureName, type UnpackedFile, unpack } from './unpack.ts'

type Options = Parameters<PackCheckerFunctions['check']>[0]

const textName = /\.(txt|md)$/i

/** @throws VultusError pack.*, model.* */
export async function checkPack(options: Options, nowMs: () => number): Promise<PackReport> {
  const { source, folder, packsFolder } = options
  const present = source === undefined ? await filesIn(folder) : await unpack(source, folder)
  const manifestBytes = await readSmall(folder, manifestName, packLimits.manifestBytesMax)
  const hasSignature = present.some(({ name }) => name === signatureName)
  const signatureBytes = hasSignature ? await readSmall(folder, signatureName, 1024) : undefined
  const signature = signatureOf(manifestBytes, signatureBytes, options.trustedKeys)
  if (signature.state !== 'valid' && !options.trust)
    throw new VultusError('pack.untrusted', signature.state === 'none' ? 'it is not signed' : undefined)
  const manifest = manifestOf(new TextDecoder().decode(manifestBytes))
  checkFiles(manifest, present)
  const files = await graphsOf(manifest, folder)
  const pack = await openPackIn(folder, manifest, packsFolder)
  const starter = manifestOf(await readFile(join(packsFolder, 'starter', manifestName), 'utf8'))
  return {
    pack: await summaryOf({ folder, manifest }, manifest.id === starter.id, starter),
    manifestSha256: createHash('sha256').update(manifestBytes).digest('hex'),
    signature,
    files,
    selfTest: await selfTest(pack, nowMs),
    memoryBytesPeak: process.resourceUsage().maxRSS * 1024,
  }
}

async function readSmall(folder: string, name: string, bytesMax: number): Promise<Uint8Array> {
  const path = join(folder, name)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new VultusError('pack.unreadable', `there is no ${name}`)
  if (found.size > bytesMax) throw new VultusError('pack.tooLarge', name)
  return await readFile(path)
}

/** Of a pack that is installed, whose hashes are taken when its models are read. */
async function filesIn(folder: string): Promise<UnpackedFile[]> {
  const names = await readdir(folder).catch(() => [])
  return names.map((name) => ({ name, bytes: -1, sha256: '' }))
}

/** Every file of the manifest is there as it says, and nothing else but notes. @throws VultusError model.missing, model.invalid, pack.unsafe */
function checkFiles(manifest: PackManifest, present: readonly UnpackedFile[]): void {
  const named = filesOf(manifest)
  for (const { file, sha256, bytes } of named) {
    const found = present.find(({ name }) => name === file)
    if (found === undefined) throw new VultusError('model.missing', file)
    if (found.sha256 !== '' && (found.sha256 !== sha256 || found.bytes !== bytes)) throw new VultusError('model.invalid', file)
  }
  const expected = new Set([manifestName, signatureName, ...named.map(({ file }) => file)])
  const further = present.find(({ name }) => !expected.has(name) && !textName.test(name))
  if (further !== undefined) throw new VultusError('pack.unsafe', `${further.name} is not named in the manifest`)
}

async function graphsOf(manifest: PackManifest, folder: string): Promise<PackReport['files']> {
  const files: PackReport['files'][number][] = []
  for (const named of filesOf(manifest)) {
    const graph = readOnnx(await readModel({ ...named, path: join(folder, named.file) }))
    checkPorts(manifest, named, graph)
    const { opset, operators, parameters } = graph
    files.push({ file: named.file, opset, operators, parameters })
  }
  return files
}
