/**
 * Certificates of erasure. The signed text has no name and no id of the site: a salted hash stands for the id, and the salt
 * goes to the caller alone, so that the copy in the vault says nothing of who it was.
 */
import { createHmac, createPublicKey, timingSafeEqual } from 'node:crypto'
import { VultusError } from '../contract/errors.ts'
import { Certificate, CertificateBody, type CertificateCheck, KeptCertificate } from '../contract/rows/audit.ts'
import { canonicalJson } from './canonical.ts'
import { exactBase64, fingerprintOf, isSignatureOf, signatureBytes, signingKeyBytes } from './signature.ts'

export const saltBytes = 32

/** What stands for a site's id in a certificate, hexadecimal. */
export function subjectIdHashOf(salt: Uint8Array, id: string): string {
  return createHmac('sha256', salt).update(id).digest('hex')
}

/** What a certificate is compared with beside its signature. */
export interface CertificateContext {
  /** 32 raw bytes of the key that must have signed it. */
  readonly publicKey: Uint8Array
  readonly id?: string | undefined
  /** Of the vault, where it is there: its id, and the hash of a record. */
  readonly vault?: { readonly vaultId: string; readonly hashAt: (records: number) => Buffer | undefined } | undefined
}

function parse(text: string): { file: KeptCertificate; salt: string | undefined; body: CertificateBody } {
  try {
    const { salt, ...file } = Certificate.or(KeptCertificate).parse(JSON.parse(text)) as KeptCertificate & Partial<Certificate>
    const body = CertificateBody.parse(JSON.parse(file.body))
    if (canonicalJson(body) !== file.body) throw new RangeError('not canonical')
    return { file, salt, body }
  } catch {
    throw new VultusError('certificate.invalid')
  }
}

function recordState(body: CertificateBody, vault: CertificateContext['vault']): CertificateCheck['auditRecord'] {
  if (vault === undefined) return null
  const hash = vault.vaultId === body.vaultId ? vault.hashAt(body.auditRecord.no) : undefined
  if (hash === undefined) return 'missing'
  return hash.toString('hex') === body.auditRecord.hash ? 'found' : 'differs'
}

function idState(given: string | undefined, body: CertificateBody, id: string | undefined): boolean | null {
  if (id === undefined) return null
  if (given === undefined) throw new VultusError('request.invalid', 'the copy of the vault has no salt, so it fits no id')
  const salt = exactBase64(given, saltBytes)
  if (salt === undefined) return false
  return timingSafeEqual(Buffer.from(subjectIdHashOf(salt, id), 'hex'), Buffer.from(body.subjectIdHash, 'hex'))
}

/** Checks a certificate's file. @throws certificate.invalid where it is none; request.invalid for an id and a file without salt */
export function checkCertificate(text: string, { publicKey, id, vault }: CertificateContext): CertificateCheck {
  const { file, salt, body } = parse(text)
  const signature = exactBase64(file.signature, signatureBytes)
  const good =
    signature !== undefined &&
    isSignatureOf(publicKey, Buffer.from(file.body), signature) &&
    body.stationKey === fingerprintOf(publicKey) &&
    file.publicKey === Buffer.from(publicKey).toString('base64')
  const auditRecord = recordState(body, vault)
  const idMatches = idState(salt, body, id)
  const ok = good && idMatches !== false && (auditRecord === null || auditRecord === 'found')
  return { ok, signature: good ? 'good' : 'bad', auditRecord, idMatches, certificate: body }
}

/**
 * The raw public key in a text: PEM, base64 of its 32 bytes, or a printout that has it on a line `public key  BASE64`.
 * @throws request.invalid
 */
export function publicKeyIn(text: string): Buffer {
  const printed = /^public key\s+(\S+)\s*$/im.exec(text)?.[1]
  const raw = exactBase64(printed ?? text.trim(), signingKeyBytes)
  if (raw !== undefined) return raw
  try {
    const key = createPublicKey(text)
    if (key.asymmetricKeyType === 'ed25519') return key.export({ format: 'der', type: 'spki' }).subarray(-signingKeyBytes)
  } catch {
    // Told below.
  }
  throw new VultusError('request.invalid', 'the text has no Ed25519 public key')
}
