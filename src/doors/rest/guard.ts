/**
 * Who may ask at all. In this order: the host of the address, no page of another site, the token, the number of requests at once.
 * 1. A name that is not ours is refused before anything else, so that a page cannot reach the door under its own name (DNS rebinding).
 * 2. No CORS headers are ever sent.
 * 3. Bytes of bodies under way are counted before they are read.
 */
import { VultusError } from '../../contract/errors.ts'
import { limits } from '../../contract/types.ts'

const requestsAtOnceMax = 32
/** Two of the largest bodies. */
const bodyBytesAtOnceMax = 2 * limits.restBodyBytesMax

export interface RequestHead {
  readonly method: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

const single = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(',') : value)

/** @throws VultusError request.hostRefused or request.originRefused */
export function checkSite(head: RequestHead, port: number): void {
  const hosts = ['127.0.0.1', 'localhost'].flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
  const host = single(head.headers.host)?.toLowerCase()
  if (host === undefined || !hosts.includes(host)) throw new VultusError('request.hostRefused')
  const origin = single(head.headers.origin)?.toLowerCase()
  if (origin !== undefined && origin !== `http://${host}`) throw new VultusError('request.originRefused')
}

/** Bytes that a request may send: what it declares, or the limit where it does not say. */
function declaredBytes(head: RequestHead): number {
  if (head.method === 'GET' || head.method === 'HEAD') return 0
  const declared = Number(single(head.headers['content-length']))
  if (!Number.isFinite(declared)) return head.headers['transfer-encoding'] === undefined ? 0 : limits.restBodyBytesMax
  return Math.min(declared, limits.restBodyBytesMax)
}

/** Counts requests under way. */
export class Load {
  private requests = 0
  private bytes = 0

  /**
   * @returns lets the request go again
   * @throws VultusError rate.limited
   */
  admit(head: RequestHead): () => void {
    const bytes = declaredBytes(head)
    if (this.requests >= requestsAtOnceMax || this.bytes + bytes > bodyBytesAtOnceMax) throw new VultusError('rate.limited')
    this.requests++
    this.bytes += bytes
    let held = true
    return () => {
      if (!held) return
      held = false
      this.requests--
      this.bytes -= bytes
    }
  }
}
