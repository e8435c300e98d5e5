/**
 * A worker thread. It sleeps on the bell (no processor time), reads what is at its port, does it, and sleeps again.
 * A bug ends the thread; the engine replaces it and repeats the pass.
 */
import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import { Bank } from './bank.ts'
import { kernelOf } from './kernelFile.ts'
import { PassRunner } from './pass.ts'
import { type Shape, shapeOf } from './shape.ts'
import { streamRows } from './stream.ts'
import type { FromWorker, ToWorker, WorkerSetup } from './workerMessages.ts'

const setup = workerData as WorkerSetup
const kernel = kernelOf(setup.kernelName, setup.module)
const galleries = new Map<number, { shape: Shape; banks: Bank[] }>()

/** @returns false when the thread shall end */
function take(message: ToWorker): boolean {
  if (message.kind === 'end') return false
  if (message.kind === 'drop') {
    galleries.delete(message.gallery)
  } else if (message.kind === 'bank') {
    const gallery = galleries.get(message.gallery) ?? {
      shape: shapeOf(message.dimension, setup.threads, setup.bankBytesMax),
      banks: [],
    }
    gallery.banks.push(new Bank(message.memory, kernel))
    galleries.set(message.gallery, gallery)
  } else {
    const { shape, banks } = galleries.get(message.gallery) ?? unknown(message.gallery)
    if (message.kind === 'stream') {
      streamRows(shape, banks, message.slots, message.shared)
      say({ kind: 'done', job: message.job, part: null })
    } else {
      const part = new PassRunner(shape, banks, setup.thread, message.pass).run()
      say({ kind: 'done', job: message.job, part })
    }
  }
  return true
}

function unknown(gallery: number): never {
  throw new Error(`there is no gallery ${gallery}`)
}

function say(message: FromWorker): void {
  const found = message.kind === 'done' ? (message.part?.found ?? []) : []
  setup.port.postMessage(
    message,
    found.map((data) => data.buffer),
  )
}

function main(): void {
  say({ kind: 'up' })
  for (;;) {
    const rung = Atomics.load(setup.bell, 0)
    for (let received = receiveMessageOnPort(setup.port); received !== undefined; received = receiveMessageOnPort(setup.port)) {
      if (!take(received.message as ToWorker)) {
        setup.port.close()
        return
      }
    }
    Atomics.wait(setup.bell, 0, rung)
  }
}

main()
