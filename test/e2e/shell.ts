/** In which shell the window tests run: Electron where its program is there, else the browser of the machine. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const programs: Readonly<Record<string, string>> = {
  linux: 'electron',
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
}

export type Shell = 'electron' | 'chromium'

/** Where Electron's program is, asking the disk alone: its package would begin a download. */
export function electronProgram(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const folder = environment.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules/electron/dist')
  const program = join(folder, programs[process.platform] ?? 'electron')
  return existsSync(program) ? program : undefined
}

export const shellOf = (environment: Readonly<Record<string, string | undefined>>): Shell =>
  electronProgram(environment) === undefined ? 'chromium' : 'electron'

/** A camera that plays a file. */
export const cameraFlags = (file: string): string[] => ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`]

/** What Electron is started with: the built entry, the data folder, the camera, and what the test adds. */
export const electronArguments = (dataFolder: string, camera: string, more: readonly string[]): string[] => [
  join(root, 'out/main/electron.js'),
  '--data',
  dataFolder,
  ...cameraFlags(camera),
  ...more,
]
