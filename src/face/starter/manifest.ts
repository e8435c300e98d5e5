/** The committed manifest of the starter pack, carried inside the built program. */
import manifest from '../../../models/packs/starter/manifest.json' with { type: 'json' }
import { PackManifest } from '../../contract/manifest.ts'

/** @throws ZodError where the committed manifest is not one */
export function starterManifest(): PackManifest {
  return PackManifest.parse(manifest)
}
