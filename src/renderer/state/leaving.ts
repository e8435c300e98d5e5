/** What has to be done before the window locks or signs out: unfinished work is kept in the vault while that is still allowed. */
type Work = () => Promise<void>

/** A station that does not answer must not keep a window from locking. */
const leavingMsMax = 2000
const works = new Set<Work>()

/** @returns ends it */
export function beforeLeaving(work: Work): () => void {
  works.add(work)
  return () => works.delete(work)
}

/** Waits for all of it, for a moment at most; what fails is told where it is done. */
export async function leave(): Promise<void> {
  const all = Promise.allSettled([...works].map((work) => work()))
  await Promise.race([all, new Promise((done) => setTimeout(done, leavingMsMax))])
}
