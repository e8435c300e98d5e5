/** Run as a process of its own on a message bus of its own: does steps with a keychain vault, and says how each ended. */
import { Entry } from '@napi-rs/keyring'
import { VultusError } from '../../src/contract/errors.ts'
import { initVault, keychainAvailable, openVault, vaultState } from '../../src/vault/open.ts'

const nowMs = Date.now

function entryOf(vaultId: string): Entry {
  return new Entry('Vultus', `vault ${vaultId}`, { linux: { store: 'secret-service' } })
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
