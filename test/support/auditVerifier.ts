/**
 * An independent verifier of an export of the audit chain, written from docs/audit.md alone: it shares no code with the
 * vault and needs nothing but node:crypto.
 */
import { createHash, createPublicKey, verify } from 'node:crypto'

export interface ExportVerdict {
  readonly ok: boolean
  /** Number of the first line that is wrong, from 1, and why. */
  readonly line?: number
  readonly problem?: string
}

interface Line {
  readonly type: string
  readonly body: string
  readonly signature?: string
}

class Wrong extends Error {}

function need(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Wrong(problem)
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')

function bytesOf(base64: unknown, length: number): Buffer {
  need(typeof base64 === 'string', 'base64 is missing')
  const bytes = Buffer.from(base64, 'base64')
  need(bytes.length === length && bytes.toString('base64') === base64, `not base64 of ${length} bytes`)
  return bytes
}

/** Sorted keys, no spaces. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`).join(',')}}`
}

function parseBody(body: string): Record<string, unknown> {
  const value: unknown = JSON.parse(body)
  need(value !== null && typeof value === 'object' && !Array.isArray(value), 'the body is no object')
  need(canonical(value) === body, 'the body is not canonical')
  return value as Record<string, unknown>
}

function parseLine(text: string): Line {
  const line = JSON.parse(text) as Line
  const { type, body, signature } = line
  need(typeof body === 'string', 'no body')
  const exact = type === 'record' ? { type, body } : { type, body, signature }
  need(JSON.stringify(exact) === text, 'not in the form of an export')
  return line
}

function isSigned(publicKey: Buffer, body: string, signature: unknown): boolean {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey])
  return verify(null, Buffer.from(body), createPublicKey({ key: der, format: 'der', type: 'spki' }), bytesOf(signature, 64))
}

/**
 * Checks an export.
 * @param text the whole file
 * @param fingerprint of the station's public key, known from elsewhere
 */
export function verifyExport(text: string, fingerprint: string): ExportVerdict {
  let at = 1
  try {
    need(text.endsWith('\n'), 'the last line has no end')
    const lines = text.slice(0, -1).split('\n')
    const first = parseLine(lines[0] ?? '')
    need(first.type === 'header', 'no header')
    const header = parseBody(first.body)
    need(header.format === 'vultus.audit-export/1', 'another format')
    const publicKey = bytesOf(header.publicKey, 32)
    need(sha256(publicKey) === fingerprint, 'another public key')
    need(isSigned(publicKey, first.body, first.signature), 'the header is not signed')

    let hash = sha256(`vultus/1/audit/${String(header.vaultId)}`)
    let records = 0
    let checkpoints = 0
    let time = ''
    let firstCovered: number | undefined
    let covered: number | undefined
    for (const text of lines.slice(1)) {
      at += 1
      const line = parseLine(text)
      const body = parseBody(line.body)
      if (line.type === 'record') {
        need(body.no === records + 1, 'not the next number')
        need(body.previous === hash, 'does not follow the record before')
        need(typeof body.at === 'string', 'no time')
        need(firstCovered === undefined || records <= firstCovered || body.at >= time, 'time goes back')
        need(covered === undefined || records + 1 - covered <= 100, 'a checkpoint is missing')
        records += 1
        hash = sha256(line.body)
        time = body.at
      } else {
        need(line.type === 'checkpoint', 'an unknown line')
        need(isSigned(publicKey, line.body, line.signature), 'the checkpoint is not signed')
        need(body.format === 'vultus.checkpoint/1' && body.vaultId === header.vaultId, 'a checkpoint of something else')
        need(body.records === records && body.headHash === hash, 'the checkpoint is of another chain')
        need(covered !== records, 'a checkpoint twice')
        covered = records
        firstCovered ??= records
        checkpoints += 1
      }
    }
    at += 1
    need(header.records === records && header.headHash === hash && covered === records, 'the end is missing')
    need(header.checkpoints === checkpoints, 'a checkpoint is missing')
    return { ok: true }
  } catch (error) {
    return { ok: false, line: at, problem: error instanceof Error ? error.message : 'unknown' }
  }
}
