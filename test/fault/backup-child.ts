/** Run as a process of its own: backs up again and again, and enrols and erases meanwhile, saying on stdout what was acknowledged. */
import { writeSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AuditEntry } from '../../src/contract/records.ts'
import { openVault } from '../../src/vault/open.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { childModel, childPicture, childTemplate } from './child-data.ts'

const actor = { role: 'administrator', door: 'command' } as const
const entry = (event: AuditEntry['event']): AuditEntry => ({ event, actor, outcome: 'done' })
const say = (line: string) => writeSync(1, `${line}\n`)

function enrol(vault: Vault, no: number): void {
  const reference = { model: childModel, captureSource: 'file', pad: 'notAssessed', quality: null } as const
  const references = [no, no + 1].map((seed) => ({ ...reference, template: childTemplate(seed), sample: childPicture(seed) }))
  vault.enrolments.commit({ id: `K-${no}`, name: `Name ${no}`, references, audit: entry('subject.enrol') })
  say(`enrolled K-${no}`)
}

const [to = '', folder = '', first = '0'] = process.argv.slice(2)
try {
  const vault = await openVault({ folder, passphrase: 'correct horse battery', nowMs: Date.now })
  say('opened')
  for (let no = Number(first); ; no += 4) {
    say('backing up')
    const backup = vault.backups.backUp({ folder: to, audit: entry('vault.backUp') })
    for (let more = 0; more < 3; more++) {
      enrol(vault, no + more)
      await nextTurn()
    }
    const { generation } = await backup
    say(`backed ${generation.number}`)
    say(`erasing K-${no}`)
    const { certificate } = vault.erasures.erase({ id: `K-${no}`, audit: entry('subject.erase') })
    say(`erased K-${no}`)
    say(`record ${JSON.parse(certificate.body).auditRecord.no} K-${no}`)
    const { backupKeyFile } = JSON.parse((await vault.erasures.follow(certificate)).body)
    if (backupKeyFile?.replacedAt == null) throw new Error('The key file did not follow')
    say(`refreshed K-${no}`)
  }
} catch (error) {
  say(`bug ${error instanceof Error ? error.stack : String(error)}`)
  process.exit(1)
}
