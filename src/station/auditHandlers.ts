/** What the procedures of the audit chain do. */

import type { Actor } from '../contract/records.ts'
import type { auditRows } from '../contract/rows/audit.ts'
import type { OutputOf, ParsedInputOf } from '../contract/table.ts'
import { namesInRecords } from '../operations/names.ts'
import { checkCertificate, publicKeyIn } from '../vault/certificate.ts'
import type { Parts } from './parts.ts'

type AuditHandlers = {
  readonly [Name in keyof typeof auditRows]: (input: ParsedInputOf<Name>, actor: Actor) => Promise<OutputOf<Name>>
}

export function auditHandlers({ holder }: Pick<Parts, 'holder'>): AuditHandlers {
  return {
    'audit.verify': async (input) => await (await holder.need()).audit.report(input.checkpoint),
    'audit.list': async (input) => {
      const vault = await holder.need()
      const page = await vault.audit.page(input)
      return { ...page, named: namesInRecords(vault, page.records) }
    },
    'audit.export': async (input) => (await holder.need()).audit.exportPage(input),
    'audit.checkpoint': async () => (await holder.need()).audit.checkpoint(),
    'audit.witness': async (input, actor) => {
      const { file, remove, accept } = input
      const details = { set: file !== undefined, remove, accept }
      return (await holder.need()).audit.witness({ ...input, audit: { event: 'audit.witness', actor, outcome: 'done', details } })
    },
    'certificate.get': async (input) => (await holder.need()).erasures.certificateOf(input.record),
    'certificate.verify': async ({ certificate, id, publicKey }) => {
      if (publicKey !== undefined)
        return { ...checkCertificate(certificate, { publicKey: publicKeyIn(publicKey), id }), operatorName: null }
      const vault = await holder.need()
      const report = vault.erasures.verifyCertificate(certificate, id)
      const { operator, role } = report.certificate.by
      // Only what the station signed says who it was.
      const named = report.signature === 'good' ? namesInRecords(vault, [{ actor: { operator, role } }]) : []
      return { ...report, operatorName: named[0]?.name ?? null }
    },
  }
}
