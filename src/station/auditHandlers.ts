/** What the procedures of the audit chain do. */

import type { Actor } from '../contract/records.ts'
import type { auditRows } from '../contract/rows/audit.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { checkCertificate, publicKeyIn } from '../vault/certificate.ts'
import type { Parts } from './parts.ts'

type AuditHandlers = {
  readonly [Name in keyof typeof auditRows]: (input: ParsedInputOf<Name>, actor: Actor) => Promise<OutputOf<Name>>
}

export function auditHandlers({ holder }: Pick<Parts, 'holder'>): AuditHandlers {
  return {
    'audit.verify': async (input) => await (await holder.need()).audit.report(input.checkpoint),
    'audit.list': async (input) => await (await holder.need()).audit.page(input),
    'audit.export': async (input) => (await holder.need()).audit.exportPage(input),
    'audit.checkpoint': async () => (await holder.need()).audit.checkpoint(),
    'audit.witness': async (input, actor) => {
      const { file, remove, accept } = input
      const details = { set: file !== undefined, remove, accept }
      return (await holder.need()).audit.witness({ ...input, audit: { event: 'audit.witness', actor, outcome: 'done', details } })
    },
    'certificate.get': async (input) => (await holder.need()).erasures.certificateOf(input.record),
    'certificate.verify': async ({ certificate, id, publicKey }) =>
      publicKey === undefined
        ? (await holder.need()).erasures.verifyCertificate(certificate, id)
        : checkCertificate(certificate, { publicKey: publicKeyIn(publicKey), id }),
  }
}
