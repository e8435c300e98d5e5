/** Networks in the thread that asks: for processes that do one picture after the other. */
import { readModel } from './modelFile.ts'
import { type LoadOptions, type PackRuntimes, type Runtime, usualLoad } from './runtime.ts'
import { Session } from './session.ts'

/** Runs networks in this thread. */
export const runtimeHere = (options: LoadOptions = usualLoad): Runtime => ({
  load: (file) => Session.load(file, options),
  check: async (file) => void (await readModel(file)),
})

/** All networks of a pack in this thread. */
export function runtimesHere(options?: LoadOptions): PackRuntimes {
  const runtime = runtimeHere(options)
  return { frames: runtime, templates: runtime }
}
