/** Run as a process of its own: opens a vault and does one task, saying on stdout what was acknowledged. */
import { writeSync } from 'node:fs'
import { VultusError } from '../../src/contract/errors.ts'
import type { AuditEntry, NewReference } from '../../src/contract/records.ts'
import { initVault, openVault } from '../../src/vault/open.ts'
import { childModel, childPicture, childSegmentRows, childTemplate } from './child-data.ts'

const passphrase = 'correct horse battery'
const entry: AuditEntry = { event: 'subject.enrol', actor: { role: 'operator', door: 'ipc' }, outcome: 'done' }
// A line is in the pipe before the next write begins, so that a kill cannot swallow what was acknowledged.
const say = (line: string) => writeSync(1, `${line}\n`)

function reference(seed: number): NewReference {
  return {
    model: childModel,
    template: childTemplate(seed),
    captureSource: 'file',
    pad: 'notAssessed',
    quality: null,
    sample: childPicture(seed),
  }
}

async function run(task: string, folder: string): Promise<void> {
  const options = { folder, passphrase, nowMs: Date.now, segmentRows: childSegmentRows }
  if (task === 'init') {
    say('starting')
    await initVault({ ...options, key: 'passphrase', kind: 'demo' })
    say('made')
    process.exit(0)
  }
  const vault = await openVault(options)
  say('opened')
  for (let no = 0; task === 'write'; no++) {
    vault.enrolments.commit({ id: `K-${no}`, name: `Name ${no}`, references: [reference(no), reference(no + 1)], audit: entry })
    say(`enrolled K-${no}`)
  }
  if (task === 'hold') {
    vault.enrolments.commit({ id: 'held', references: [reference(1)], audit: entry })
    say('held')
    setInterval(() => undefined, 1000)
    return
  }
  vault.close()
}

const [task = '', folder = ''] = process.argv.slice(2)
run(task, folder).catch((error: unknown) => {
  say(error instanceof VultusError ? error.code : `bug ${error instanceof Error ? error.stack : String(error)}`)
  process.exit(1)
})
