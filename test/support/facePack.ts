/** The starter pack that tests of the face process run on. It is built by the set-up; VULTUS_PACKS names another folder of packs. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const packsFolder = process.env.VULTUS_PACKS ?? join(import.meta.dirname, '..', '..', 'models', 'packs')
export const starterPackThere = existsSync(join(packsFolder, 'starter', 'recognition.onnx'))
