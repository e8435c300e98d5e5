/**
 * Compiles the kernels with AssemblyScript: node src/matcher/kernel/build.mjs OUTPUT_FOLDER
 * Writes kernel.wasm, kernel-simd.wasm and kernel-scalar.wasm. Each file appears whole or not at all, so that builds may run side by side.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import asc from 'assemblyscript/asc'

const here = import.meta.dirname

/** The memory is imported and shared, no runtime is linked in, and nothing is placed in memory: the matcher owns every byte of it. */
const options = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--runtime', 'stub', '--noExportMemory']
const tuned = ['-O3', '--noAssert', '--converge', '--enable', 'threads']

const kernels = [
  { source: 'simd.ts', file: 'kernel.wasm', features: ['--enable', 'simd', '--enable', 'relaxed-simd'] },
  { source: 'simd.ts', file: 'kernel-simd.wasm', features: ['--enable', 'simd'] },
  { source: 'scalar.ts', file: 'kernel-scalar.wasm', features: [] },
]

/**
 * @param {string} folder where the wasm files go; it is made where it is missing
 * @returns {Promise<string[]>} the files written
 */
export async function buildKernels(folder) {
  await mkdir(folder, { recursive: true })
  const written = []
  for (const { source, file, features } of kernels) {
    const part = `${file}.${process.pid}.part`
    const outcome = await asc.main([source, ...options, ...tuned, ...features, '--outFile', part], {
      readFile: async (name) => {
        try {
          return await readFile(join(here, name), 'utf8')
        } catch {
          return null
        }
      },
      writeFile: async (name, content) => writeFile(join(folder, name), content),
      listFiles: () => [],
    })
    if (outcome.error) {
      await rm(join(folder, part), { force: true })
      throw new Error(`${source} does not compile:\n${outcome.stderr.toString()}`, { cause: outcome.error })
    }
    await rename(join(folder, part), join(folder, file))
    written.push(join(folder, file))
  }
  return written
}

if (process.argv[1] !== undefined && pathToFileURL(resolve(process.argv[1])).href === import.meta.url) {
  const folder = process.argv[2]
  if (folder === undefined) {
    process.stderr.write('Name the output folder: node src/matcher/kernel/build.mjs out/kernel\n')
    process.exit(2)
  }
  for (const file of await buildKernels(folder)) process.stdout.write(`${file}\n`)
}
