import { availableParallelism } from 'node:os'

const poolMax = 4

/**
 * What Node is started with. V8 compiles and collects in threads of a pool, four unless it is told otherwise: with two processors they
 * would take them from the threads that seal and insert a batch.
 */
export const nodeFlags = [`--v8-pool-size=${Math.max(1, Math.min(poolMax, availableParallelism() - 1))}`]
