import { decode, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, encodeLive, sessionIdOf } from '../../../src/contract/live.ts'
import { decodeCall, encodeCall, isCallRequest } from '../../../src/doors/socket/codec.ts'
import { LiveOutbox } from '../../../src/doors/socket/liveOutbox.ts'
import { depthMax, isDecodable, itemsMax } from '../../../src/doors/socket/messagePack.ts'
import { isSameSecret, TokenStore, tokenLifeMs } from '../../../src/doors/socket/tokens.ts'

describe('tokens', () => {
  test('are 256 bit, differ, and work once', () => {
    const store = new TokenStore()
    const [one, other] = [store.mint(), store.mint()]
    expect(Buffer.from(one, 'base64url')).toHaveLength(32)
    expect(one).not.toBe(other)
    expect([store.redeem(one), store.redeem(one), store.redeem(other)]).toEqual([true, false, true])
  })

  test('expire after a minute', () => {
    let nowMs = 0
    const store = new TokenStore(() => nowMs)
    const [early, late] = [store.mint(), store.mint()]
    nowMs = tokenLifeMs - 1
    expect(store.redeem(early)).toBe(true)
    nowMs = tokenLifeMs
    expect(store.redeem(late)).toBe(false)
  })

  test('are bounded: the oldest gives way', () => {
    const store = new TokenStore()
    const minted = Array.from({ length: 17 }, () => store.mint())
    expect(minted.map((token) => store.redeem(token))).toEqual([false, ...new Array(16).fill(true)])
  })

  test('secrets of different lengths are compared without an exception', () => {
    expect([isSameSecret('', 'a'), isSameSecret('ab', 'ab'), isSameSecret('ab', 'ac')]).toEqual([false, true, false])
  })
})

describe('MessagePack before it is decoded', () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 300 })),
      fc.array(tie('value'), { maxLength: 20 }),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 20 },
      ),
    ),
  })).value

  test('whatever was encoded within the limits passes, and no part of it does', () => {
    fc.assert(
      fc.property(value, fc.nat(), (message, cut) => {
        const bytes = encode(message)
        expect(isDecodable(bytes)).toBe(true)
        expect(isDecodable(bytes.subarray(0, cut % bytes.length))).toBe(false)
        expect(isDecodable(Uint8Array.from([...bytes, 0xc0]))).toBe(false)
      }),
    )
  })

  test('what passes decodes or is refused by the decoder for its keys and text alone, never for its shape', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        if (!isDecodable(bytes)) return
        try {
          decode(bytes)
        } catch (error) {
          expect(String(error)).toMatch(/key|UTF-?8|encoded data/i)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('depth, claims and numbers of values are limited', () => {
    const nested = (depth: number) => Uint8Array.from([...new Array<number>(depth).fill(0x91), 0xc0])
    expect([isDecodable(nested(depthMax)), isDecodable(nested(depthMax + 1))]).toEqual([true, false])
    expect(isDecodable(new Uint8Array([0xdf, 0x7f, 0xff, 0xff, 0xff, 0]))).toBe(false)
    const wide = new Uint8Array(5 + itemsMax)
    new DataView(wide.buffer).setUint32(1, itemsMax)
    wide[0] = 0xdd
    expect(isDecodable(wide)).toBe(false)
    expect(isDecodable(encode(new Date()))).toBe(false)
  })
})

describe('call messages', () => {
  test('carry bytes as they are and leave out what is undefined', () => {
    const call = { t: 'q', i: 'a', m: 'run', a: ['x', { picture: new Uint8Array([1, 2]), none: undefined }] }
    expect(decodeCall(encodeCall(call))).toEqual({ t: 'q', i: 'a', m: 'run', a: ['x', { picture: new Uint8Array([1, 2]) }] })
  })

  test.each([
    [{ t: 'q', i: 'a', m: 'run', a: [] }, true],
    [{ t: 'q', i: 'a', m: 'constructor', a: [] }, false],
    [{ t: 'q', i: 'a', m: 'run', a: [], o: true }, false],
    [{ t: 'q', m: 'run', a: [] }, false],
    [{ t: 'q', i: 'a'.repeat(65), m: 'run', a: [] }, false],
    [{ t: 'q', i: 'a', m: 'run', a: [1, 2, 3, 4] }, false],
    [{ t: 's', i: 'a', r: 1 }, false],
    [null, false],
    ['run', false],
  ])('%j is a request: %s', (message, expected) => {
    expect(isCallRequest(message, ['run'])).toBe(expected)
  })
})

describe('live packets on their way', () => {
  const packet = (sessionId: string, frameNo: number) =>
    encodeLive({ sessionId, frameNo, capturedAtMs: 0, width: 1, height: 1, faceMs: 0, faces: [], report: null })

  test('one is being sent, the newest of each session waits', () => {
    const left: Uint8Array[] = []
    const done: (() => void)[] = []
    const outbox = new LiveOutbox((sent, then) => {
      left.push(sent)
      done.push(then)
    })
    for (const [id, frameNo] of [
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['a', 3],
      ['b', 2],
    ] as const)
      outbox.put(packet(id, frameNo))
    expect(left).toEqual([packet('a', 1)])
    while (done.length > 0) done.shift()?.()
    expect(left).toEqual([packet('a', 1), packet('a', 3), packet('b', 2)])
  })

  test('the session of a packet is read from its head, in both directions', () => {
    expect(sessionIdOf(packet('session-1', 1))).toBe('session-1')
    expect(sessionIdOf(encodeFrame({ sessionId: 'session-2', frameNo: 1, capturedAtMs: 0, jpeg: new Uint8Array(1) }))).toBe('session-2')
    for (const bytes of [[], [1], [2, 5], [1, 200], [3, 0]]) expect(sessionIdOf(new Uint8Array(bytes))).toBeUndefined()
  })
})
