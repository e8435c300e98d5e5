import { describe, expect, it } from 'vitest'
import { failedOf, type Outcome, VultusError } from '../../../src/contract/errors.ts'
import { openLink, type Port } from '../../../src/contract/link.ts'
import type { EmbeddingModel, FaceFunctions } from '../../../src/contract/processes.ts'
import type { Child } from '../../../src/station/api.ts'
import { type FaceCalls, FacePool } from '../../../src/station/facePool.ts'
import { Stills } from '../../../src/station/stills.ts'
import { codeOf } from '../../support/codeOf.ts'

/** A face process in memory: it looks at a picture until it is told to answer, or ends of one that begins with 66. */
class FakeFace implements Child {
  readonly pid = 1
  looking = 0
  atOnceMost = 0
  ended = false
  #toParent: (message: unknown) => void = () => undefined
  #onExit: (code: number | null) => void = () => undefined
  #toChild: (message: unknown) => void = () => undefined

  constructor(
    readonly place: number,
    takes: () => Promise<void>,
  ) {
    const inside: Port = {
      post: (message) => queueMicrotask(() => !this.ended && this.#toParent(message)),
      onMessage: (listener) => {
        this.#toChild = listener
      },
    }
    const quality: FaceFunctions['quality'] = async ({ picture }) => {
      this.atOnceMost = Math.max(this.atOnceMost, ++this.looking)
      if (picture[0] === 66) {
        this.kill()
        return new Promise<never>(() => undefined)
      }
      await takes()
      this.looking--
      if (picture[0] === 67) return failedOf(new VultusError('face.none'))
      return { ok: true, value: { qualityScore: place, components: {} } } satisfies Outcome<unknown>
    }
    openLink<object, object>(inside, { quality, load: async () => ({ ok: true, value: { id: 'm@1' } }) }, { timeoutMs: 0 })
  }
  post(message: unknown) {
    queueMicrotask(() => !this.ended && this.#toChild(message))
  }
  onMessage(listener: (message: unknown) => void) {
    this.#toParent = listener
  }
  onExit(listener: (code: number | null) => void) {
    this.#onExit = listener
  }
  kill() {
    if (this.ended) return
    this.ended = true
    queueMicrotask(() => this.#onExit(null))
  }
}

function pool(options: { processesMax?: number; idleMsMax?: number; fails?: boolean } = {}) {
  const children: FakeFace[] = []
  const faces = new FacePool({
    spawn: () => {
      const child = new FakeFace(children.length, () => new Promise((done) => setTimeout(done, 5)))
      children.push(child)
      return child
    },
    load: async (face) => {
      if (options.fails === true) throw new VultusError('model.missing')
      return await face.load({ packsFolder: '', packId: 'any', bulk: true })
    },
    processesMax: options.processesMax ?? 2,
    ...(options.idleMsMax === undefined ? {} : { idleMsMax: options.idleMsMax }),
    log: () => undefined,
  })
  const look = (first = 1) => faces.run(1, (face) => face.quality({ picture: Uint8Array.of(first) }))
  return { faces, children, look }
}

describe('FacePool', () => {
  it('starts processes as pictures wait, no more than it may, each with one picture at a time', async () => {
    const { faces, children, look } = pool({ processesMax: 3 })
    await look()
    expect(children.length).toBe(1)
    const places = (await Promise.all(Array.from({ length: 12 }, () => look()))).map(({ qualityScore }) => qualityScore)
    expect(new Set(places)).toEqual(new Set([0, 1, 2]))
    expect(children.map(({ atOnceMost }) => atOnceMost)).toEqual([1, 1, 1])
    faces.kill()
    await new Promise((done) => setTimeout(done, 5))
    expect(children.every(({ ended }) => ended)).toBe(true)
  })

  it('replaces a process that ends and asks its picture again once; the others are answered', async () => {
    const { faces, children, look } = pool()
    const answers = await Promise.allSettled([look(), look(66), look(), look(), look(67)])
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? 'done' : answer.reason.code))).toEqual([
      'done',
      'process.restarted',
      'done',
      'done',
      'face.none',
    ])
    // Two ended of the one picture.
    expect(children.filter(({ ended }) => ended).length).toBe(2)
    faces.kill()
  })

  it('gives up where processes end again and again without a picture between', async () => {
    const { faces, children, look } = pool({ processesMax: 1 })
    const codes: (string | undefined)[] = []
    for (let count = 0; count < 4; count++) codes.push(await codeOf(look(66)))
    expect(codes.at(-1)).toBe('process.unavailable')
    expect(children.length).toBeLessThanOrEqual(5)
    faces.kill()
  })

  it('refuses what waits with the reason where no process can be made usable', async () => {
    const { look } = pool({ fails: true })
    expect(await Promise.all([codeOf(look()), codeOf(look())])).toEqual(['model.missing', 'model.missing'])
  })

  it('lets idle processes go, and finishes what runs when it ends', async () => {
    const { faces, children, look } = pool({ idleMsMax: 10 })
    await look()
    await new Promise((done) => setTimeout(done, 40))
    expect([children[0]?.ended, faces.size]).toEqual([true, 0])
    const last = look()
    while (children.length < 2) await new Promise((done) => setTimeout(done, 1))
    await new Promise((done) => setTimeout(done, 1))
    faces.end()
    expect((await last).qualityScore).toBe(1)
    expect(await codeOf(look())).toBe('process.unavailable')
  })
})

describe('Stills', () => {
  const stills = () => {
    const { children } = pool()
    const asked: string[] = []
    const face = {
      quality: async () => {
        asked.push('here')
        await new Promise((done) => setTimeout(done, 5))
        return { qualityScore: -1, components: {} }
      },
    } as unknown as FaceCalls
    const part = new Stills({
      face,
      spawn: () => {
        const child = new FakeFace(children.length, async () => undefined)
        children.push(child)
        return child
      },
      load: async (spare) => (await spare.load({ packsFolder: '', packId: 'any', bulk: true })) as EmbeddingModel,
      processesMax: () => 1,
      log: () => undefined,
    })
    const look = async () => (await part.functions.quality({ picture: Uint8Array.of(1) })).qualityScore
    return { part, look, asked, children }
  }

  it('looks at one picture where the camera is followed, at others beside it, and at none there while a camera is open', async () => {
    const { part, look, children } = stills()
    expect(await look()).toBe(-1)
    expect(children.length).toBe(0)
    expect((await Promise.all([look(), look()])).toSorted()).toEqual([-1, 0])
    part.cameraOpened('one')
    expect(await Promise.all([look(), look()])).toEqual([0, 0])
    part.cameraClosed('one')
    expect(await look()).toBe(-1)
    part.changePack()
    await new Promise((done) => setTimeout(done, 5))
    expect(children[0]?.ended).toBe(true)
    part.close()
  })
})
