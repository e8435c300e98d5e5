import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { findViolations, sourceFiles } from './cruise.ts'
import { mayImport, packageOwners, rules } from './rules.ts'

const root = join(import.meta.dirname, '../..')

describe('the sources', () => {
  test('keep to the plan of the house, and every one of them was read', async () => {
    const { modules, violations } = await findViolations(root, rules)
    expect(modules.filter((path) => /\.tsx?$/.test(path)).sort()).toEqual(sourceFiles(root))
    expect(modules.length).toBeGreaterThan(10)
    expect(violations).toEqual([])
  })
})

/** A small tree without a fault, to which each case adds one. */
const sound: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'planted',
    type: 'module',
    dependencies: Object.fromEntries([...Object.keys(packageOwners), 'zod'].map((name) => [name, '1.0.0'])),
    devDependencies: { leftover: '1.0.0' },
  }),
  'src/contract/table.ts': "import { z } from 'zod'\nexport const table = z\n",
  ...Object.fromEntries(Object.keys(mayImport).map((room) => [`src/${room}/room.ts`, `export const ${room} = '${room}'\n`])),
  ...Object.fromEntries(
    [...Object.keys(packageOwners), 'zod', 'leftover', 'left-pad'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
      [`node_modules/${name}/index.js`, 'exports.z = 1\n'],
    ]),
  ),
}

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-planted-'))
  folders.push(folder)
  for (const [path, content] of Object.entries({ ...sound, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

async function rulesBroken(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { violations } = await findViolations(plant(files), rules)
  return [...new Set(violations.map(({ rule }) => rule))].sort()
}

const rooms = Object.keys(mayImport)
const outsiderOf = (room: string) => rooms.find((other) => other !== room && !mayImport[room]?.includes(other))
const strangerTo = (owners: readonly string[]) => (owners.some((owner) => owner.startsWith('src/vault/')) ? 'src/face/' : 'src/vault/')

/** One planted fault for each rule. */
const faults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...Object.fromEntries(
    rooms.map((room) => [
      `room-${room}`,
      {
        [`src/${room}/fault.ts`]: `import { ${outsiderOf(room)} } from '../${outsiderOf(room)}/room.ts'\nexport const x = ${outsiderOf(room)}\n`,
      },
    ]),
  ),
  'room-unknown': { 'src/attic/fault.ts': "import { table } from '../contract/table.ts'\nexport const x = table\n" },
  ...Object.fromEntries(
    Object.entries(packageOwners).map(([name, owners]) => [
      `owner-${name}`,
      { [`${strangerTo(owners)}fault.ts`]: `import { z } from '${name}'\nexport const x = z\n` },
    ]),
  ),
  'contract-packages': { 'src/contract/fault.ts': "import { z } from 'zod'\nimport { z as y } from 'left-pad'\nexport const x = [y, z]\n" },
  'no-node': { 'src/core/fault.ts': "import { readFileSync } from 'node:fs'\nexport const x = readFileSync\n" },
  'outside-src': {
    'src/core/fault.ts': "import { y } from '../../elsewhere.ts'\nexport const x = y\n",
    'elsewhere.ts': 'export const y = 1\n',
  },
  'shipped-package': { 'src/station/fault.ts': "import { z } from 'leftover'\nexport const x = z\n" },
  'not-resolvable': { 'src/core/fault.ts': "import { y } from './gone.ts'\nexport const x = y\n" },
  'no-cycle': {
    'src/core/one.ts': "import { two } from './two.ts'\nexport const one = () => two\n",
    'src/core/two.ts': "import { one } from './one.ts'\nexport const two = () => one\n",
  },
}

describe('the rules', () => {
  test('find nothing in a sound tree', async () => {
    expect(await rulesBroken({})).toEqual([])
  })

  test('each have a planted fault here', () => {
    expect(Object.keys(faults).sort()).toEqual(rules.map(({ name }) => name).sort())
  })

  test.each(Object.entries(faults))('%s is caught', async (name, files) => {
    expect(await rulesBroken(files)).toContain(name)
  })

  test('count an import of types alone as an import', async () => {
    const fault = "import type { vault } from '../vault/room.ts'\nexport type X = typeof vault\n"
    expect(await rulesBroken({ 'src/face/fault.ts': fault })).toEqual(['room-face'])
  })

  test('count a dynamic import as an import', async () => {
    expect(await rulesBroken({ 'src/face/fault.ts': "export const x = () => import('../vault/room.ts')\n" })).toEqual(['room-face'])
  })

  test('let the preload and the Electron entry import electron, and nobody else in main', async () => {
    const electron = "import { z } from 'electron'\nexport const x = z\n"
    expect(await rulesBroken({ 'src/main/electron.ts': electron, 'src/preload/index.ts': electron })).toEqual([])
    expect(await rulesBroken({ 'src/main/browser.ts': electron })).toContain('owner-electron')
  })
})
