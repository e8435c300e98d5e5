/** Parts of a long bench, kept as they are done, so that a run can be made in several. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface KeptPartsOptions {
  readonly folder: string
  /** What was asked for: a part that was kept for anything else is made again. */
  readonly options: object
  /** Whether parts that are kept are taken. */
  readonly resume: boolean
  readonly say: (line: string) => void
}

export class KeptParts {
  readonly #options: KeptPartsOptions

  constructor(options: KeptPartsOptions) {
    this.#options = options
  }

  /** The part as it was kept, else as it is made now, and kept. @param make answers what JSON can hold */
  async make<Part>(name: string, make: () => Promise<Part>): Promise<Part> {
    const { folder, options, resume, say } = this.#options
    const file = join(folder, `${name}.json`)
    const kept = resume ? readKept<Part>(file, JSON.stringify(options)) : undefined
    if (kept !== undefined) {
      say(`${name}: measured ${kept.madeAt}`)
      return kept.part
    }
    const part = await make()
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, `${JSON.stringify({ options, madeAt: new Date().toISOString(), part })}\n`)
    return part
  }
}

function readKept<Part>(file: string, options: string): { madeAt: string; part: Part } | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { options: object; madeAt: string; part: Part }
    return JSON.stringify(kept.options) === options ? kept : undefined
  } catch {
    return undefined
  }
}
