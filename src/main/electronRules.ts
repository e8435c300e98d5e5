/** What Electron's window may do: show our pages, use the camera, and nothing else. Electron's own objects are passed in. */
import { readFile } from 'node:fs/promises'
import type { PageFile } from '../doors/pageFiles.ts'
import { pageHeaders } from '../doors/pageHeaders.ts'

export const pageScheme = 'app'
/** Every page of ours begins with this; its origin is app://station. */
export const pageBase = 'app://station/'

/** Whether an address is one of our pages. */
function isOurPage(url: string): boolean {
  return url.startsWith(pageBase)
}

/** Answers a request of the window for one of its files; only what is on the list can be named. */
export async function answerPage(request: { url: string; method: string }, files: ReadonlyMap<string, PageFile>): Promise<Response> {
  const refuse = (status: number) => new Response(null, { status, headers: pageHeaders })
  if (!isOurPage(request.url)) return refuse(404)
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405)
  const file = files.get(new URL(request.url).pathname)
  if (file === undefined) return refuse(404)
  const headers = { ...pageHeaders, 'Content-Type': file.mediaType }
  if (request.method === 'HEAD') return new Response(null, { headers })
  return new Response(new Uint8Array(await readFile(file.file)), { headers })
}

/** What of a permission's request or check counts here. */
export interface Asked {
  readonly permission: string
  /** Origin, or address of the page. */
  readonly origin: string
  readonly isMainFrame: boolean
  readonly media: readonly string[]
}

/** Only the camera, only for the main frame of our page. */
export function isPermitted({ permission, origin, isMainFrame, media }: Asked): boolean {
  const ours = isOurPage(origin) || `${origin}/` === pageBase
  return permission === 'media' && ours && isMainFrame && media.length > 0 && media.every((kind) => kind === 'video')
}

interface Preventable {
  preventDefault(): void
}
/** What is needed of Electron's WebContents. */
export interface GuardedContents {
  on(event: 'will-frame-navigate', listener: (details: Preventable & { readonly url: string }) => void): unknown
  on(event: 'will-redirect' | 'will-attach-webview', listener: (event: Preventable) => void): unknown
  setWindowOpenHandler(handler: () => { action: 'deny' }): void
}

/** Denies every address but our pages (which may be loaded again), redirects, new windows and embedded views. */
export function guardContents(contents: GuardedContents): void {
  contents.on('will-frame-navigate', (details) => {
    if (!isOurPage(details.url)) details.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
