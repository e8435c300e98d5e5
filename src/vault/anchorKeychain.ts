/** The newest checkpoint in the keychain of the operating system, in an entry beside the root key. */
import { Entry } from '@napi-rs/keyring'
import type { AnchorPlace } from './anchors.ts'
import { checkpointOfLine, lineOf } from './auditCheckpoints.ts'

/** Pinned as the root key's entry is (keys/keychain.ts): the kernel's keyring would forget it at restart. */
const entryOf = (vaultId: string) => new Entry('Vultus', `vault ${vaultId} audit anchor`, { linux: { store: 'secret-service' } })

/** @param vaultId names the entry */
export function keychainAnchor(vaultId: string): AnchorPlace {
  return {
    name: 'keychain',
    read() {
      const line = entryOf(vaultId).getPassword()
      return line === null ? [] : [checkpointOfLine(line)]
    },
    write(checkpoints) {
      const newest = checkpoints.at(-1)
      if (newest !== undefined) entryOf(vaultId).setPassword(lineOf(newest))
    },
  }
}
