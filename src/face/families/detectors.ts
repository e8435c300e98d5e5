/** The detector families by the name that manifests use. */
import type { DetectorManifest } from '../../contract/manifest.ts'
import { blazeface } from './blazeface.ts'
import type { DetectorFamily } from './detection.ts'
import { scrfd } from './scrfd.ts'
import { yunet } from './yunet.ts'

export const detectorFamilies: Readonly<Record<DetectorManifest['family'], DetectorFamily>> = { blazeface, yunet, scrfd }
