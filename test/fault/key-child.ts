/** Run as a process of its own: works on the keys of a vault and enrols meanwhile, saying on stdout what was acknowledged. */
import { writeSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Job } from '../../src/contract/jobs.ts'
import type { AuditEntry } from '../../src/contract/records.ts'
import { openVault } from '../../src/vault/open.ts'
import { rekeyVault } from '../../src/vault/rekey.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { childModel, childPicture, childTemplate } from './child-data.ts'

const actor = { role: 'administrator', door: 'command' } as const
const entry = (event: AuditEntry['event']): AuditEntry => ({ event, actor, outcome: 'done' })
const say = (line: string) => writeSync(1, `${line}\n`)

function enrol(vault: Vault, no: number): void {
  const reference = { model: childModel, captureSource: 'file', pad: 'notAssessed', quality: null } as const
  const references = [no, no + 1].map((seed) => ({ ...reference, template: childTemplate(seed), sample: childPicture(seed) }))
  vault.commitEnrolment({ id: `K-${no}`, name: `Name ${no}`, references, audit: entry('subject.enrol') })
  say(`enrolled K-${no}`)
}

const running = (vault: Vault, kind: Job['kind']) => vault.jobs.list().find((job) => job.kind === kind && job.state === 'running')

async function rotate(vault: Vault, deep: boolean, first: number): Promise<void> {
  let no = first
  for (;;) {
    let job = running(vault, deep ? 'rotateDeep' : 'rotate') ?? vault.rotation.begin({ deep, audit: entry('vault.rotate') })
    while (job.state === 'running') {
      job = vault.rotation.step(job.id)
      if (no < first + 40) enrol(vault, no++)
      await nextTurn()
    }
    say(`rotated ${job.id}`)
  }
}

async function rekey(opened: Vault, first: number): Promise<void> {
  let vault = opened
  for (let no = first; ; no++) {
    const job = running(vault, 'rekey') ?? vault.jobs.begin({ kind: 'rekey', total: 0, position: {} }, entry('vault.rekey'))
    const watch = { signal: new AbortController().signal, onProgress: () => undefined }
    say('copying')
    vault = await rekeyVault(vault, { ...watch, jobId: job.id, audit: entry('vault.rekey') })
    if (vault.jobs.get(job.id).state !== 'done') throw new Error('the job is done with the copy')
    say(`rekeyed ${job.id}`)
    enrol(vault, no)
  }
}

const [task = '', folder = '', first = '0'] = process.argv.slice(2)
try {
  const vault = await openVault({ folder, passphrase: 'correct horse battery', nowMs: Date.now })
  say('opened')
  if (task === 'rekey') await rekey(vault, Number(first))
  else await rotate(vault, task === 'rotateDeep', Number(first))
} catch (error) {
  say(`bug ${error instanceof Error ? error.stack : String(error)}`)
  process.exit(1)
}
