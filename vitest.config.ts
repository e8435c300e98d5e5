import { defineConfig } from 'vitest/config'

/** Deriving keys of tests that open vaults in their own process takes little. */
const cheap = { setupFiles: ['test/support/cheapKdf.ts'] }
/** Tests that start real processes share two cores with them: one file at a time keeps their timing honest. */
const processes = { ...cheap, fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 }

const project = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, include: include.map((folder) => `${folder}/**/*.test.{ts,tsx}`), ...more },
})

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    // The inference runtime of tests that load models in their own process reports to nobody.
    env: { ORT_DISABLE_TELEMETRY: '1' },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // As many files at once as there are processors; by itself one processor would stay idle, which of two is half.
    maxWorkers: '100%',
    projects: [
      project('architecture', ['test/architecture'], { testTimeout: 60_000 }),
      project('unit', ['test/unit'], cheap),
      project('vault', ['test/vault', 'test/fault'], { ...cheap, testTimeout: 60_000 }),
      project('flow', ['test/flow'], processes),
      project('api', ['test/api'], processes),
      project('long', ['test/long'], { ...processes, testTimeout: 1_800_000 }),
    ],
  },
})
