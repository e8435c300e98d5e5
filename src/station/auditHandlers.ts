/** What the procedures of the audit chain do. */
import { checkCertificate, publicKeyIn } from '../vault/certificate.ts'
import type { Handlers } from './handlers.ts'
import type { Parts } from './parts.ts'

export function auditHandlers({ holder }: Parts) {
  return {
    'audit.verify': async (input) => (await holder.need()).auditReport(input.checkpoint),
    'audit.list': async (input) => (await holder.need()).auditPage(input),
    'audit.export': async (input) => (await holder.need()).exportAudit(input),
    'audit.checkpoint': async () => (await holder.need()).checkpointAudit(),
    'audit.witness': async (input, actor) => {
      const { file, remove, accept } = input
      const details = { set: file !== undefined, remove, accept }
      return (await holder.need()).witnessAudit({ ...input, audit: { event: 'audit.witness', actor, outcome: 'done', details } })
    },
    'certificate.verify': async ({ certificate, id, publicKey }) =>
      publicKey === undefined
        ? (await holder.need()).verifyCertificate(certificate, id)
        : checkCertificate(certificate, { publicKey: publicKeyIn(publicKey), id }),
  } satisfies Partial<Handlers>
}
