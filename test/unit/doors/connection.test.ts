import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { encodeCall } from '../../../src/doors/socket/codec.ts'
import { serveConnection, unreadBytesMax } from '../../../src/doors/socket/connection.ts'
import { FakeStation } from '../../api/fakeStation.ts'

/** A socket whose other end reads or does not. */
class FakeSocket extends EventEmitter {
  bufferedAmount = 0
  readonly send = vi.fn()
  readonly terminate = vi.fn()
  ask(id: string) {
    this.emit('message', Buffer.from(encodeCall({ t: 'q', i: id, m: 'run', a: ['health.get', {}] })), true)
  }
}

test('a caller that does not read its answers is let go instead of filling the memory', async () => {
  const socket = new FakeSocket()
  serveConnection(socket as unknown as WebSocket, {
    station: new FakeStation(() => 'well'),
    welcome: undefined,
    functions: (run) => ({ run: (name, input) => run(name, input, { role: 'administrator', door: 'command' }) }),
    log: () => undefined,
  })
  socket.ask('1')
  await vi.waitFor(() => expect(socket.send).toHaveBeenCalledTimes(1))
  socket.bufferedAmount = unreadBytesMax + 1
  socket.ask('2')
  await vi.waitFor(() => expect(socket.terminate).toHaveBeenCalled())
  expect(socket.send).toHaveBeenCalledTimes(1)
})
