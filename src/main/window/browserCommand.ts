/** How the local Chromium, Chrome or Edge is started as the station's window. */
import { join } from 'node:path'
import type { Profile } from './profile.ts'

/** The first page, until the pipe is up and the station's own address can be loaded: no token ever stands on a command line. */
export const firstPage = 'data:text/html,<title>Vultus</title>'

/** Nothing is kept (incognito), nothing is fetched, nothing is reported, and the camera is not asked for: only our page is ever loaded. */
const flags = [
  '--incognito',
  '--auto-accept-camera-and-microphone-capture',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
  '--no-service-autorun',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-client-side-phishing-detection',
  '--disable-component-update',
  '--disable-crash-reporter',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-field-trial-config',
  '--disable-gpu-shader-disk-cache',
  '--disable-logging',
  '--disable-sync',
  '--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,CertificateTransparencyComponentUpdater',
  '--disk-cache-size=1',
  '--media-cache-size=1',
  '--password-store=basic',
  '--use-mock-keychain',
  '--window-size=1280,860',
]

/** Chromium's sandbox does not work for root; for anybody else it stays on. */
const flagsOfRoot = ['--no-sandbox', '--test-type']

export function browserArguments(profileFolder: string, isRoot: boolean): string[] {
  return [`--app=${firstPage}`, `--user-data-dir=${join(profileFolder, 'profile')}`, ...flags, ...(isRoot ? flagsOfRoot : [])]
}

type Environment = Readonly<Record<string, string | undefined>>

/** The environment of the browser: without ours, and on Linux with a home of its own. */
export function browserEnvironment(environment: Environment, profile: Profile, platform: NodeJS.Platform): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !name.startsWith('VULTUS_')) kept[name] = value
  }
  if (platform !== 'linux') return kept
  const realHome = kept.HOME
  if (kept.XAUTHORITY === undefined && realHome !== undefined) kept.XAUTHORITY = join(realHome, '.Xauthority')
  for (const name of ['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME']) delete kept[name]
  kept.HOME = profile.home
  // The desktop's settings would leave a file in the run time folder.
  kept.GSETTINGS_BACKEND = 'memory'
  kept.TMPDIR = profile.temporary
  return kept
}
