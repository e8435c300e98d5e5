import { expect, it, vi } from 'vitest'
import { addPictures } from '../../../src/renderer/features/enrol/enrolling.ts'
import { useEnrol } from '../../../src/renderer/features/enrol/enrolStore.ts'

// No camera is looked at here.
vi.mock('../../../src/renderer/live/live.ts', () => ({}))

it('files that are chosen while a shot takes itself are read when that is over', async () => {
  useEnrol.setState({ busy: 'capturing' })
  const added = addPictures([new File([], 'empty.jpg')])
  await new Promise((done) => setTimeout(done, 20))
  expect(useEnrol.getState()).toMatchObject({ busy: 'capturing', refusal: undefined })
  useEnrol.setState({ busy: undefined })
  await added
  expect(useEnrol.getState()).toMatchObject({ busy: undefined, refusal: { code: 'picture.empty', detail: 'empty.jpg' } })
})

it('files that were chosen for an enrolment that is over are not put to the next one', async () => {
  useEnrol.setState({ busy: 'enrolling', refusal: undefined, shots: [] })
  const added = addPictures([new File([], 'empty.jpg')])
  useEnrol.setState({ busy: undefined, step: 'done' })
  await added
  expect(useEnrol.getState()).toMatchObject({ refusal: undefined, shots: [] })
})
