/** Erasures as the station asks for them, and their certificates. */
import type { AuditEntry } from '../contract/records.ts'
import { type Certificate, CertificateBody, type CertificateCheck, type KeptCertificate } from '../contract/rows/audit.ts'
import type { AuditLog } from './auditLog.ts'
import type { Backups } from './backup/backups.ts'
import { checkCertificate } from './certificate.ts'
import type { Erased, Erasure } from './erasure.ts'
import type { Segments } from './segments.ts'
import type { Transactions } from './transactions.ts'

export interface ErasuresParts {
  readonly vaultId: string
  readonly transactions: Transactions
  readonly erasure: Erasure
  readonly audit: AuditLog
  readonly segments: Segments
  readonly backups: Backups
}

export class Erasures {
  readonly #parts: ErasuresParts

  constructor(parts: ErasuresParts) {
    this.#parts = parts
  }

  /**
   * Destroys the subject's key in every epoch, its rows, its samples and the segments of the gallery in which it was, and certifies it.
   * @returns logEmptied: nothing of them is left in the write-ahead log; where a disk did not let it, that is tried again
   * @throws subject.unknown
   */
  erase(change: { id: string; audit: AuditEntry }): Erased & { logEmptied: boolean } {
    const { transactions, erasure, segments, backups } = this.#parts
    const { files, ...erased } = transactions.write(() => erasure.erase(change, transactions.nowMs()))
    segments.removeFiles(files)
    backups.dropMoment()
    return { ...erased, logEmptied: transactions.emptyLog() }
  }

  /**
   * After an erasure: the key files of the backups that can be reached follow it at once, the others later.
   * @returns the certificate as it then is; where nothing could be written, the one that was given
   */
  async follow(certificate: Certificate): Promise<Certificate> {
    try {
      await this.#parts.backups.followPending()
      const { auditRecord } = CertificateBody.parse(JSON.parse(certificate.body))
      return { ...this.certificateOf(auditRecord.no), salt: certificate.salt }
    } catch {
      // The subject is erased whatever becomes of the backups now: they stay pending.
      return certificate
    }
  }

  /** The certificate of the erasure with that audit record, without its salt. @throws certificate.unknown */
  certificateOf(recordNo: number): KeptCertificate {
    return this.#parts.transactions.read(() => this.#parts.erasure.certificateOf(recordNo))
  }

  /** Checks a certificate of erasure against this vault. @throws certificate.invalid */
  verifyCertificate(text: string, id: string | undefined): CertificateCheck {
    const { vaultId, audit, transactions } = this.#parts
    const vault = { vaultId, hashAt: (records: number) => audit.hashAt(records) }
    return transactions.read(() => checkCertificate(text, { publicKey: audit.stationKey.publicKey, id, vault }))
  }
}
