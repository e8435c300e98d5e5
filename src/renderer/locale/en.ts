import { enAccounts } from './accounts/en.ts'
import { enAudit } from './audit/en.ts'
import { enBulk } from './bulk/en.ts'
import { enCapture } from './capture/en.ts'
import { enClients } from './clients/en.ts'
import { enComparison } from './comparison/en.ts'
import { enEnrol } from './enrol/en.ts'
import { enHealth } from './health/en.ts'
import { enIntake } from './intake/en.ts'
import { enModels } from './models/en.ts'
import { enRights } from './rights/en.ts'
import { enSettings } from './settings/en.ts'
import { enSetUp } from './setup/en.ts'
import { enSubjects } from './subjects/en.ts'
import { enVault } from './vault/en.ts'

/** Every sentence of the window, in English. Another language is another file of this shape. {name} is filled in by fill(), {n} of a plural by count(). */
export const en = {
  ...enCapture,
  ...enEnrol,
  ...enIntake,
  ...enComparison,
  ...enSubjects,
  ...enRights,
  ...enBulk,
  ...enModels,
  ...enClients,
  ...enAudit,
  ...enHealth,
  ...enSettings,
  ...enSetUp,
  ...enVault,
  ...enAccounts,
  language: 'en',
  direction: 'ltr',
  product: 'Vultus Station',
  demoMark: 'Demo: drawn subjects, nothing real',
  hidden: 'Hidden',
  areas: {
    navigation: 'Areas',
    enrol: 'Enrol',
    verify: 'Verify',
    identify: 'Identify',
    subjects: 'Subjects',
    import: 'Import',
    vault: 'Vault',
    accounts: 'Accounts',
    audit: 'Audit',
    health: 'Health',
    settings: 'Settings',
    inbox: 'Inbox',
  },
  title: {
    vaultReal: 'Vault open',
    vaultDemo: 'Demo vault',
    hide: 'Hide details',
    show: 'Show details',
    camera: {
      off: 'Camera off',
      starting: 'Camera starts',
      ready: 'Camera ready',
      simulated: 'Drawn subject',
      trouble: 'No camera',
    },
  },
  keys: {
    title: 'All keys',
    close: 'Close',
    everywhere: 'Everywhere',
    area: 'In an area',
    enrol: 'Enrol',
    verify: 'Verify',
    identify: 'Identify',
    capture: 'Capture',
    main: 'Main action',
    back: 'Back',
    clear: 'Clear',
    mesh: 'Face outline',
    auto: 'Capture by itself',
    movements: 'Ask for movements',
    hide: 'Hide details',
    lock: 'Lock',
    all: 'All keys',
    commands: 'All commands',
    search: 'Search',
    file: 'Use a picture file',
    second: 'Second action',
    removeShot: 'Remove the last shot',
    choose: 'Choose',
  },
  office: {
    loading: 'One moment',
    again: 'Ask again',
  },
  link: {
    connecting: 'Connecting to the station',
    lost: 'The link to the station is lost',
    again: 'Connecting again. Nothing stored was lost.',
  },
  health: {
    parts: { face: 'The part that looks at pictures', matcher: 'The part that searches the gallery' },
    restarting: '{part} failed and is being started again. Nothing stored was lost.',
    failed: '{part} does not start. Restart the station; nothing stored was lost.',
  },
  refusal: { dismiss: 'Close this message' },
}

export type Catalogue = typeof en
