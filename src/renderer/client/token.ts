/** Where the window's single-use token comes from: the fragment of a printed address, or the host over the browser's pipe. */
import { hostBinding, tokenReceiver } from '../../contract/wire.ts'

/** Gives a fresh token for each connection; undefined where none is to be had. */
export type TokenSource = { readonly renewable: boolean; next(): Promise<string | undefined> }

/** The parts of a window that tokens come by. */
export interface TokenPlace {
  readonly location: { readonly hash: string; readonly pathname: string }
  readonly history: { replaceState(data: unknown, unused: string, url: string): void }
  [name: string]: unknown
}

const hostAnswerTimeoutMs = 5000

/** Reads the fragment, clears it from the address bar, and answers where tokens are to be had. */
export function tokenSourceOf(place: TokenPlace): TokenSource {
  const printed = new URLSearchParams(place.location.hash.slice(1)).get('key') ?? undefined
  if (printed !== undefined) place.history.replaceState(null, '', place.location.pathname)
  const ask = place[hostBinding]
  if (typeof ask === 'function') return { renewable: true, next: () => askHost(place, ask as (request: string) => void) }
  let left = printed
  return {
    renewable: false,
    next: async () => {
      const token = left
      left = undefined
      return token
    },
  }
}

function askHost(place: TokenPlace, ask: (request: string) => void): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), hostAnswerTimeoutMs)
    place[tokenReceiver] = (token: unknown) => {
      clearTimeout(timer)
      place[tokenReceiver] = undefined
      resolve(typeof token === 'string' ? token : undefined)
    }
    ask('token')
  })
}
