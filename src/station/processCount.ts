/** How many face processes work side by side. */
import { availableParallelism, freemem } from 'node:os'

const processesMax = 8
/** One of them with the largest picture that is accepted; with a large network it is more, and the system swaps nothing out for it. */
const processBytes = 500 * 1024 * 1024
/** Of the memory that is free: the rest belongs to others. */
const memoryShare = 0.5

/** For work that nobody waits at a screen for: one for each core, as far as memory goes. */
export const bulkProcesses = (cores = availableParallelism(), freeBytes = freemem()): number =>
  Math.max(1, Math.min(cores, processesMax, Math.floor((freeBytes * memoryShare) / processBytes)))

/** Beside the process that follows the camera, which keeps a core to itself. */
export const stillProcesses = (cores = availableParallelism(), freeBytes = freemem()): number =>
  Math.max(1, bulkProcesses(cores, freeBytes) - 1)
