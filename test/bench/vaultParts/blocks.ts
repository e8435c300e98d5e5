/**
 * How long heavy work of the vault keeps everybody else waiting: the longest block of the event loop while it runs.
 * node test/bench/vaultParts/blocks.ts FOLDER [SUBJECTS] fills a vault in the folder, or takes the one that is there.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { filledVault } from './large.ts'

const auditEntry = { event: 'subject.get', actor: { role: 'operator', door: 'ipc' }, outcome: 'done' } as const

/** @returns ms of the longest block, ms of the whole, and what came of it */
async function blockOf(run: () => unknown): Promise<{ blockMs: number; tookMs: number; answer: unknown }> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await sleep(20)
  delay.reset()
  await sleep(20)
  const startedMs = performance.now()
  const answer = await run()
  const tookMs = performance.now() - startedMs
  await sleep(20)
  delay.disable()
  return { blockMs: delay.max / 1e6, tookMs, answer }
}

const [folder, subjects = '100000'] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name a folder')
const vault = await filledVault(folder, Number(subjects), (line) => process.stderr.write(`${line}\n`))
// As many records as subjects: a chain of a site that looked at each of them once.
for (let more = Number(subjects) - ((await vault.audit.page({ limit: 1 })).records[0]?.no ?? 0); more > 0; more--)
  vault.audit.append(auditEntry)
const works: Record<string, () => unknown> = {
  'audit.verify': () => vault.audit.report(undefined),
  'audit.list, a rare event': () => vault.audit.page({ limit: 50, event: 'vault.rekey' }),
  'audit.export, a page': () => vault.audit.exportPage({ after: 0, limit: 1000 }),
  'vault.maintain': () => vault.upkeep.run({ thorough: false }),
  'vault.maintain --thorough': () => vault.upkeep.run({ thorough: true }),
  'retention.preview': () => vault.versions.due(),
}
for (const [name, work] of Object.entries(works)) {
  const { blockMs, tookMs } = await blockOf(work)
  process.stdout.write(`${name.padEnd(28)} longest block ${blockMs.toFixed(1).padStart(9)} ms of ${tookMs.toFixed(0).padStart(7)} ms\n`)
}
vault.close()
