/** The plan of the house as rules: which room may import which, who owns which package, what may use Node's built-ins. */
import type { IForbiddenRuleType, IRegularForbiddenRuleType } from 'dependency-cruiser'

/** What a room may import besides itself. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  core: ['contract'],
  preload: ['contract'],
  renderer: ['contract', 'core'],
  face: ['contract', 'core'],
  matcher: ['contract', 'core'],
  vault: ['contract', 'core'],
  operations: ['contract', 'core'],
  station: ['contract', 'core', 'operations', 'vault'],
  doors: ['contract', 'station'],
  main: ['station', 'doors', 'contract'],
}

/** Paths that may import a heavy package. Anybody else asks its owner. */
export const packageOwners: Readonly<Record<string, readonly string[]>> = {
  birpc: ['src/contract/'],
  'onnxruntime-node': ['src/face/'],
  sharp: ['src/face/'],
  'onnx-proto': ['src/face/starter/'],
  yauzl: ['src/face/import/'],
  '@vladmandic/human': ['src/face/starter/'],
  '@vladmandic/face-api': ['src/face/starter/'],
  'better-sqlite3': ['src/vault/'],
  '@napi-rs/keyring': ['src/vault/'],
  '@node-rs/argon2': ['src/vault/'],
  '@noble/ciphers': ['src/vault/'],
  fastify: ['src/doors/'],
  ws: ['src/doors/'],
  commander: ['src/doors/'],
  'csv-parse': ['src/station/imports/'],
  '@msgpack/msgpack': ['src/doors/', 'src/renderer/'],
  react: ['src/renderer/'],
  'react-dom': ['src/renderer/'],
  zustand: ['src/renderer/'],
  'lucide-react': ['src/renderer/'],
  uplot: ['src/renderer/'],
  qr: ['src/renderer/'],
  electron: ['src/main/electron.ts', 'src/preload/'],
}

/** The rooms that must also run where there is no Node. */
const withoutNode = ['contract', 'core', 'renderer', 'preload', 'operations']

/** Rooms whose imports are bundled, and the builder of the pack, which runs only where the project was set up. */
const bundled = ['renderer/', 'preload/', 'face/starter/']

const anyOf = (names: readonly string[]) => `(${names.map((name) => name.replace(/[.\\]/g, '\\$&')).join('|')})`

/** Names a rule by what it guards, so that a refusal tells which line of the plan was crossed. */
const rule = (name: string, from: IRegularForbiddenRuleType['from'], to: IRegularForbiddenRuleType['to']): IForbiddenRuleType => ({
  name,
  severity: 'error',
  from,
  to,
})

export const rules: readonly IForbiddenRuleType[] = [
  ...Object.entries(mayImport).map(([room, others]) =>
    rule(`room-${room}`, { path: `^src/${room}/` }, { path: '^src/', pathNot: `^src/${anyOf([room, ...others])}/` }),
  ),
  rule('room-unknown', { path: '^src/', pathNot: `^src/${anyOf(Object.keys(mayImport))}/` }, {}),
  ...Object.entries(packageOwners).map(([name, owners]) =>
    rule(`owner-${name}`, { path: '^src/', pathNot: `^${anyOf(owners)}` }, { path: `(^|/)node_modules/${name}/` }),
  ),
  rule(
    'contract-packages',
    { path: '^src/contract/' },
    { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg'], pathNot: '(^|/)node_modules/(zod|birpc)/' },
  ),
  rule('no-node', { path: `^src/${anyOf(withoutNode)}/` }, { dependencyTypes: ['core'] }),
  rule(
    'outside-src',
    { path: '^src/' },
    { pathNot: '^src/|(^|/)node_modules/|^models/packs/starter/manifest[.]json$', dependencyTypesNot: ['core', 'npm', 'npm-dev'] },
  ),
  rule(
    'shipped-package',
    { path: '^src/', pathNot: `^src/${anyOf(bundled)}|^src/main/electron[.]ts$` },
    { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  ),
  rule('not-resolvable', { path: '^src/' }, { couldNotResolve: true }),
  rule('no-cycle', { path: '^src/' }, { circular: true }),
]
