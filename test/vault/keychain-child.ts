/** Run as a process of its own on a message bus of its own: does steps with a keychain vault, and says how each ended. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { Entry } from '@napi-rs/keyring'
import { VultusError } from '../../src/contract/errors.ts'
import { KeyProviderName } from '../../src/contract/types.ts'
import { initVault, keychainAvailable, openVault, recoverVault, vaultState } from '../../src/vault/open.ts'

const nowMs = Date.now
const passphrase = 'correct horse battery'
let recoveryKey = ''
const onRecoveryKey = (made: string) => {
  recoveryKey = made
}

function entryOf(vaultId: string): Entry {
  return new Entry('Vultus', `vault ${vaultId}`, { linux: { store: 'secret-service' } })
}

function anchorOf(vaultId: string): Entry {
  return new Entry('Vultus', `vault ${vaultId} audit anchor`, { linux: { store: 'secret-service' } })
}

/** Opens the vault, adds records to its audit chain, and says what stands in the keychain of it. */
async function withRecords(folder: string, count: number): Promise<string> {
  const vault = await openVault({ folder, nowMs })
  for (let no = 0; no < count; no++) {
    vault.audit.append({ event: 'subject.list', actor: { role: 'auditor', door: 'command' }, outcome: 'done', details: { no } })
  }
  const { ok, records, unanchored, anchors } = await vault.audit.report(undefined)
  vault.close()
  return `${ok} ${records} ${unanchored} ${anchors.map(({ place, state, records }) => `${place} ${state} ${records}`)}`
}

async function step(name: string, folder: string, vaultId: string): Promise<string> {
  if (name === 'available') return String(keychainAvailable())
  if (name === 'init') {
    const vault = await initVault({ folder, key: 'keychain', kind: 'real', nowMs })
    vault.close()
    return `made ${vault.id}`
  }
  if (name === 'open') {
    const vault = await openVault({ folder, nowMs })
    vault.close()
    return `opened ${vault.kind} ${vaultState(folder).key}`
  }
  if (name === 'report') return await withRecords(folder, 0)
  if (name === 'append') return await withRecords(folder, 30)
  if (name === 'keep') return String(copyFileSync(join(folder, 'vault.db'), `${folder}.kept`))
  if (name === 'putBack') return String(copyFileSync(`${folder}.kept`, join(folder, 'vault.db')))
  if (name === 'forgetAnchor') return String(anchorOf(vaultId).deleteCredential())
  if (name === 'spoilAnchor') return String(anchorOf(vaultId).setPassword('{"body":"{}","signature":"AAAA"}'))
  if (name === 'initBoth') {
    const vault = await initVault({ folder, key: 'keychain+passphrase', passphrase, kind: 'real', nowMs, onRecoveryKey })
    vault.close()
    return `made ${vault.id} ${recoveryKey}`
  }
  if (name === 'openBoth' || name === 'openWrong' || name === 'openHalf') {
    const given = { openBoth: passphrase, openWrong: 'another horse battery', openHalf: undefined }[name]
    const vault = await openVault({ folder, passphrase: given, nowMs })
    vault.close()
    return `opened ${vaultState(folder).key}`
  }
  if (name.startsWith('recover=')) {
    const [key = '', written = ''] = name.slice('recover='.length).split(':')
    const actor = { role: 'administrator', door: 'command' } as const
    const audit = { event: 'vault.recover', actor, outcome: 'done' } as const
    const vault = await recoverVault({ folder, recoveryKey: written, key: KeyProviderName.parse(key), passphrase, audit, nowMs })
    vault.close()
    return `recovered ${vaultState(folder).key}`
  }
  if (name === 'keyLength') return String(entryOf(vaultId).getSecret()?.length)
  if (name === 'otherKey') return String(entryOf(vaultId).setSecret(new Uint8Array(32).fill(7)))
  if (name === 'shortKey') return String(entryOf(vaultId).setSecret(new Uint8Array(9)))
  if (name === 'remove') return String(entryOf(vaultId).deleteCredential())
  throw new Error(`There is no step ${name}`)
}

const [folder = '', vaultId = '', ...names] = process.argv.slice(2)
for (const name of names) {
  const outcome = await step(name, folder, vaultId).catch((error: unknown) => {
    if (error instanceof VultusError) return error.code
    throw error
  })
  console.log(`${name}: ${outcome}`)
}
