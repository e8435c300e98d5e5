/** Work on many things, several at a time, with the answers in the order of the things. */

/**
 * @param atOnce how many are worked on at a time
 * @param begin begins one thing, in their order and one after the other; what it gives does the work beside the others
 * @throws what is thrown first; then nothing more is begun, and what was begun is waited for
 */
export async function inOrder<Thing, Answer>(
  things: readonly Thing[],
  atOnce: number,
  begin: (thing: Thing, at: number) => Promise<() => Promise<Answer>>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  const running = new Set<Promise<void>>()
  let failed: { readonly error: unknown } | undefined
  const run = async (work: () => Promise<Answer>, at: number) => {
    try {
      answers[at] = await work()
    } catch (error) {
      failed ??= { error }
    }
  }
  for (const [at, thing] of things.entries()) {
    if (failed !== undefined) break
    try {
      const work = await begin(thing, at)
      const turn: Promise<void> = run(work, at).finally(() => running.delete(turn))
      running.add(turn)
    } catch (error) {
      failed ??= { error }
    }
    if (running.size >= atOnce) await Promise.race(running)
  }
  await Promise.all(running)
  if (failed !== undefined) throw failed.error
  return answers
}
