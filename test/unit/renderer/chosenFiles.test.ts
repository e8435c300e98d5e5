import { expect, it, vi } from 'vitest'
import { searchFile, useIdentify } from '../../../src/renderer/features/identify/identifyStore.ts'
import { compareFile, useVerify } from '../../../src/renderer/features/verify/verifyStore.ts'

// No camera is looked at here.
vi.mock('../../../src/renderer/live/live.ts', () => ({}))

const empty = () => new File([], 'empty.jpg')
const refused = { busy: undefined, refusal: { code: 'picture.empty', detail: 'empty.jpg' } }

it('a file that is chosen while another picture is searched for takes its place', async () => {
  useIdentify.setState({ busy: 'searching' })
  await searchFile(empty())
  expect(useIdentify.getState()).toMatchObject(refused)
})

it('a file that is chosen while another picture is compared takes its place, and the claim stays', async () => {
  const subject = { id: 'R-1' } as unknown as NonNullable<ReturnType<typeof useVerify.getState>['subject']>
  useVerify.setState({ number: 'R-1', subject, busy: 'comparing', verdict: undefined })
  await compareFile(empty())
  expect(useVerify.getState()).toMatchObject({ ...refused, number: 'R-1', subject })
})
