/**
 * Vaults and accounts that tests make in their own process cost little to open: a derivation takes little, and
 * what it took stands in the header, so that any process opens them. What new ones cost at work is a test of its own (keys.test.ts).
 */
import { vi } from 'vitest'

vi.mock('../../src/vault/keys/kdf.ts', async (importOriginal) => {
  const { newKdf } = await importOriginal<typeof import('../../src/vault/keys/kdf.ts')>()
  return { newKdf: (random: Parameters<typeof newKdf>[0]) => ({ ...newKdf(random), memoryKiB: 8 * 1024, passes: 2 }) }
})
