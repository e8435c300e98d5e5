import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

// The entries of main and of the processes share chunks; only electron.ts imports electron. Natives stay outside the bundle.
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: {
          electron: 'src/main/electron.ts',
          browser: 'src/main/browser.ts',
          headless: 'src/main/headless.ts',
          face: 'src/face/process.ts',
          inferenceThread: 'src/face/inference/thread.ts',
          matcher: 'src/matcher/process.ts',
          pageCheck: 'src/vault/pageCheckWorker.ts',
          sealWorker: 'src/vault/sealWorker.ts',
          segmentWorker: 'src/vault/segmentWorker.ts',
          matcherWorker: 'src/matcher/workerThread.ts',
          packBuilder: 'src/face/starter/main.ts',
          packChecker: 'src/face/import/process.ts',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: { input: { index: 'src/preload/index.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: { outDir: 'out/renderer', minify: true, rolldownOptions: { input: 'src/renderer/index.html' } },
  },
})
