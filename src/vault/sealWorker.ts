/**
 * A thread that seals what the vault's own thread is about to insert. It gets a key with each order and keeps none; it knows neither the
 * database nor anything of what it seals.
 */
import { parentPort } from 'node:worker_threads'
import { type SealOrder, sealMemory } from './sealBatch.ts'

parentPort?.on('message', (order: SealOrder) => {
  // Where it fails, the memory says so to who waits for it.
  try {
    sealMemory(order)
  } catch {}
})
