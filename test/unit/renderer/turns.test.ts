/** An answer that comes after the operator has gone on stands under no other claim. */
import { beforeEach, expect, it, vi } from 'vitest'

const answers = new Map<string, (value: unknown) => void>()
vi.mock('../../../src/renderer/state/station.ts', () => ({
  call: (name: string) => new Promise((resolve) => answers.set(name, resolve)),
  refusalFor: (error: unknown) => ({ code: 'internal.fault', message: String(error), remedy: '' }),
}))
const dropped: string[] = []
vi.mock('../../../src/renderer/state/takeCapture.ts', () => ({
  takeCapture: async () => ({ captureId: 'capture-1' }),
  dropCaptures: (captures: { captureId: string }[]) => dropped.push(...captures.map(({ captureId }) => captureId)),
}))

const { compareCamera, nextPerson, setClaim, useVerify } = await import('../../../src/renderer/features/verify/verifyStore.ts')
const { clearSearch, searchCamera, useIdentify } = await import('../../../src/renderer/features/identify/identifyStore.ts')
const subject = { id: 'R-1', name: 'One', createdAt: '', references: 1, history: [] } as never
const settled = () => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  nextPerson()
  clearSearch()
  answers.clear()
  dropped.length = 0
})

it('keeps the verdict of the claim that it was asked for', async () => {
  useVerify.setState({ number: 'R-1', subject })
  const compared = compareCamera()
  await settled()
  answers.get('subject.verify')?.({ decision: 'match' })
  await compared
  expect(useVerify.getState()).toMatchObject({ number: 'R-1', verdict: { decision: 'match' }, busy: undefined })
})

it('drops the verdict when the number was changed meanwhile, and the capture with it', async () => {
  useVerify.setState({ number: 'R-1', subject })
  const compared = compareCamera()
  await settled()
  setClaim('R-2')
  expect(useVerify.getState().busy).toBeUndefined()
  answers.get('subject.verify')?.({ decision: 'match' })
  await compared
  expect(useVerify.getState()).toMatchObject({ number: 'R-2', verdict: undefined, probe: undefined })
  expect(dropped).toEqual(['capture-1'])
})

it('drops the candidates of a search that was left', async () => {
  const searched = searchCamera()
  await settled()
  clearSearch()
  answers.get('gallery.identify')?.({ decision: 'match', candidates: [] })
  await searched
  expect(useIdentify.getState()).toMatchObject({ result: undefined, probe: undefined, busy: undefined })
  expect(dropped).toEqual(['capture-1'])
})
