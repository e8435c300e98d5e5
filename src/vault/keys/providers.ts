/** The providers by name. */
import type { KeyProviderName } from '../../contract/types.ts'
import { keychainProvider } from './keychain.ts'
import { keychainAndPassphraseProvider } from './keychainAndPassphrase.ts'
import { passphraseProvider } from './passphrase.ts'
import type { KeyMaterial, KeyProvider } from './provider.ts'

const providers: Readonly<Record<KeyProviderName, (material: KeyMaterial) => KeyProvider>> = {
  keychain: () => keychainProvider,
  passphrase: ({ passphrase }) => passphraseProvider(passphrase),
  'keychain+passphrase': ({ passphrase }) => keychainAndPassphraseProvider(passphrase),
}

/** The provider of this name with what a person gave. */
export function providerOf(name: KeyProviderName, material: KeyMaterial): KeyProvider {
  return providers[name](material)
}
