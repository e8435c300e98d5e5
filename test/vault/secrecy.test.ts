import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { childPicture, childTemplate } from '../fault/child-data.ts'
import { startVaultChild } from '../fault/child-process.ts'
import {
  bytesOf,
  enrolEntry,
  eraseEntry,
  filesWith,
  galleryModelOf,
  model,
  newVault,
  passphrase,
  referenceOf,
  storeEntry,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const name = 'Wilhelmine Überall'
const id = 'CASE-4711-secret'

/** What must stand nowhere: names and ids in the encodings that memory and files use, and 16 bytes of pictures and templates. */
const traces: Record<string, Buffer> = {
  'name as UTF-8': Buffer.from(name),
  'name as UTF-16': Buffer.from(name, 'utf16le'),
  'id as UTF-8': Buffer.from(id),
  'id as UTF-16': Buffer.from(id, 'utf16le'),
  'id of the stored template': Buffer.from('CASE-4712-secret'),
  metadata: Buffer.from('metadata of a template'),
  picture: bytesOf('a picture', 5000).subarray(1000, 1016),
  'start of the template': Buffer.from(templateOf('a').buffer, 0, 16),
  'end of the template': Buffer.from(templateOf('a').buffer, 128 * 4 - 16, 16),
  'stored template': Buffer.from(templateOf('b').buffer, 128, 16),
  model: Buffer.from(model),
  passphrase: Buffer.from(passphrase),
}

function expectNoTrace(folder: string): void {
  const found = Object.entries(traces).flatMap(([trace, bytes]) => filesWith(folder, bytes).map((file) => `${trace} in ${file}`))
  expect(found).toEqual([])
}

it('no file holds a name, an id, a picture or a template in clear', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder, 'demo', 8)
  for (let no = 0; no < 20; no++) {
    vault.enrolments.commit({ id: `${id}-${no}`, name, references: [referenceOf('a')], audit: enrolEntry })
    vault.storedTemplates.commit({
      id: `CASE-4712-secret-${no}`,
      model,
      template: templateOf('b'),
      metadata: { text: 'metadata of a template' },
      audit: storeEntry,
    })
  }
  expect(await vault.galleries.seal(galleryModelOf(model))).toBe(5)
  expectNoTrace(folder)
  vault.erasures.erase({ id: `${id}-3`, audit: eraseEntry })
  vault.enrolments.commit({ id: `${id}-0`, name, references: [referenceOf('a')], audit: enrolEntry })
  expectNoTrace(folder)
  vault.close()
  expectNoTrace(folder)

  // The search finds what is there.
  writeFileSync(join(folder, 'planted'), Buffer.concat([Buffer.alloc(5), Buffer.from(name, 'utf16le')]))
  expect(filesWith(folder, traces['name as UTF-16']!)).toEqual(['planted'])
})

it('nor after a kill', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  vault.close()
  const child = startVaultChild('write', folder)
  await child.line((line) => line === 'enrolled K-12')
  await child.kill()
  expect(readFileSync(join(folder, 'vault.db-wal')).length).toBeGreaterThan(10_000)
  const template = Buffer.from(childTemplate(12).buffer, 64, 16)
  for (const bytes of [
    Buffer.from('Name 12'),
    Buffer.from('Name 12', 'utf16le'),
    Buffer.from('K-12'),
    template,
    childPicture(12).subarray(100, 116),
  ]) {
    expect(filesWith(folder, bytes)).toEqual([])
  }
})
