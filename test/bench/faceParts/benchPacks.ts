/** The packs that the bench measures: what is there, and a network of ResNet100's shape that it makes. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesOf, PackManifest } from '../../../src/contract/manifest.ts'
import { jsonBytes, manifestFor } from '../../support/madeUpPack.ts'
import { resnet100, resnet100Dimension } from '../../support/resnet100.ts'

const project = join(import.meta.dirname, '..', '..', '..')
export const packsFolder = join(project, 'models', 'packs')

export class BenchPacks {
  readonly importedFolder = mkdtempSync(join(tmpdir(), 'vultus-bench-packs-'))

  /** The ids of the wanted packs that can be measured here. */
  make(wanted: readonly string[]): string[] {
    return wanted.filter((id) => id === 'starter' || (id === 'standard' ? this.#standard() : id === 'resnet100' && this.#resnet100()))
  }

  remove(): void {
    rmSync(this.importedFolder, { recursive: true, force: true })
  }

  #standard(): boolean {
    const data = process.env.VULTUS_TEST_DATA
    if (data === undefined || !existsSync(join(data, 'models'))) return false
    const text = readFileSync(join(project, 'models', 'manifests', 'standard.json'))
    const folder = join(this.importedFolder, 'standard')
    mkdirSync(folder)
    writeFileSync(join(folder, 'manifest.json'), text)
    for (const { file } of filesOf(PackManifest.parse(JSON.parse(text.toString()))))
      copyFileSync(join(data, 'models', file), join(folder, file))
    return true
  }

  #resnet100(): boolean {
    const { bytes } = resnet100()
    const manifest = manifestFor(bytes, 'resnet100')
    manifest.roles.embedding.dimension = resnet100Dimension
    const folder = join(this.importedFolder, 'resnet100')
    mkdirSync(folder)
    writeFileSync(join(folder, 'manifest.json'), jsonBytes(manifest))
    writeFileSync(join(folder, 'embedding.onnx'), bytes)
    return true
  }
}
