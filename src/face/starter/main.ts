/**
 * Process entry: makes the starter pack.
 * `node packBuilder.js --packs DIR [--json]`: progress on stderr, with --json one object on stdout, exit code of the error table.
 */
import { parseArgs } from 'node:util'
import { errorTable, refusalOf, VultusError } from '../../contract/errors.ts'
import { exitCodes } from '../../contract/exitCodes.ts'
import { type BuildReport, buildStarterPack } from './build.ts'
import { starterManifest } from './manifest.ts'

function packsFolderOf(packs: string | undefined): string {
  if (packs === undefined || packs === '') throw new VultusError('request.invalid', 'name the folder of the packs with --packs DIR')
  return packs
}

async function build(): Promise<BuildReport> {
  const { values } = parseArgs({ options: { packs: { type: 'string' }, json: { type: 'boolean' } }, strict: false })
  const packsFolder = packsFolderOf(typeof values.packs === 'string' ? values.packs : undefined)
  return await buildStarterPack({ packsFolder, manifest: starterManifest(), onProgress: (line) => console.error(line) })
}

const json = process.argv.includes('--json')
try {
  const report = await build()
  if (json) console.log(JSON.stringify(report))
  process.exitCode = exitCodes.done
} catch (error) {
  const refusal = refusalOf(error)
  if (json) console.log(JSON.stringify({ error: refusal }))
  else console.error([refusal.message, refusal.detail, refusal.remedy].filter(Boolean).join('\n'))
  process.exitCode = errorTable[refusal.code].exit
}
