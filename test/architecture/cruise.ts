import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser'

export interface Violation {
  readonly rule: string
  readonly from: string
  readonly to: string
}

export interface Findings {
  /** Modules below src that were read. */
  readonly modules: readonly string[]
  readonly violations: readonly Violation[]
}

/** The kernel is AssemblyScript: another language with the same file name ending. */
const kernel = 'src/matcher/kernel/'

/**
 * Reads every import below `root`/src and checks it. TypeScript 7 has no API that the cruiser could use, and without a parser it
 * silently sees nothing: hence swc by name, and hence a test that counts the modules.
 */
export async function findViolations(root: string, rules: readonly IForbiddenRuleType[]): Promise<Findings> {
  const { output } = await cruise(
    ['src'],
    {
      baseDir: root,
      parser: 'swc',
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: `^${kernel}` },
      validate: true,
      ruleSet: { forbidden: [...rules] },
    },
    {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
    },
  )
  const { modules, summary } = output as ICruiseResult
  return {
    modules: modules.map(({ source }) => source).filter((source) => source.startsWith('src/')),
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  }
}

/** Every TypeScript file below `root`/src but the kernel's, as the cruiser names them. */
export function sourceFiles(root: string): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.startsWith(kernel))
    .sort()
}
