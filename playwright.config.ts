import { defineConfig } from '@playwright/test'

/** Drives the real window in the browser or Electron that the machine has; nothing is ever downloaded. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // What is marked @long looks at every screen in every look and belongs to the long tests.
  projects: [
    { name: 'window', grepInvert: /@long/ },
    { name: 'long', grep: /@long/ },
  ],
  reporter: [['list']],
  use: { screenshot: 'only-on-failure', trace: 'off', video: 'off' },
})
