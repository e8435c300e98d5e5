import { deAccounts } from './accounts/de.ts'
import { deAudit } from './audit/de.ts'
import { deBulk } from './bulk/de.ts'
import { deCapture } from './capture/de.ts'
import { deClients } from './clients/de.ts'
import { deComparison } from './comparison/de.ts'
import type { Catalogue } from './en.ts'
import { deEnrol } from './enrol/de.ts'
import { deHealth } from './health/de.ts'
import { deIntake } from './intake/de.ts'
import { deModels } from './models/de.ts'
import { deRights } from './rights/de.ts'
import { deSettings } from './settings/de.ts'
import { deSetUp } from './setup/de.ts'
import { deSubjects } from './subjects/de.ts'
import { deVault } from './vault/de.ts'

/** Every sentence of the window, in German. */
export const de: Catalogue = {
  ...deCapture,
  ...deEnrol,
  ...deIntake,
  ...deComparison,
  ...deSubjects,
  ...deRights,
  ...deBulk,
  ...deModels,
  ...deClients,
  ...deAudit,
  ...deHealth,
  ...deSettings,
  ...deSetUp,
  ...deVault,
  ...deAccounts,
  language: 'de',
  direction: 'ltr',
  product: 'Vultus Station',
  demoMark: 'Demo: gezeichnete Personen, nichts echt',
  hidden: 'Verdeckt',
  areas: {
    navigation: 'Bereiche',
    enrol: 'Erfassen',
    verify: 'Prüfen',
    identify: 'Suchen',
    subjects: 'Personen',
    import: 'Import',
    vault: 'Tresor',
    accounts: 'Konten',
    audit: 'Protokoll',
    health: 'Zustand',
    settings: 'Optionen',
    inbox: 'Eingang',
  },
  title: {
    vaultReal: 'Tresor offen',
    vaultDemo: 'Demo-Tresor',
    hide: 'Angaben verdecken',
    show: 'Angaben zeigen',
    camera: {
      off: 'Kamera aus',
      starting: 'Kamera startet',
      ready: 'Kamera bereit',
      simulated: 'Gezeichnete Person',
      trouble: 'Keine Kamera',
    },
  },
  keys: {
    title: 'Alle Tasten',
    close: 'Schließen',
    everywhere: 'Überall',
    area: 'In einem Bereich',
    enrol: 'Erfassen',
    verify: 'Prüfen',
    identify: 'Suchen',
    capture: 'Aufnehmen',
    main: 'Hauptaktion',
    back: 'Zurück',
    clear: 'Leeren',
    mesh: 'Linien',
    auto: 'Von selbst aufnehmen',
    movements: 'Bewegungen verlangen',
    hide: 'Angaben verdecken',
    lock: 'Sperren',
    all: 'Alle Tasten',
    commands: 'Alle Befehle',
    search: 'Suchen',
    file: 'Bilddatei verwenden',
    second: 'Zweite Aktion',
    removeShot: 'Letzte Aufnahme entfernen',
    choose: 'Wählen',
  },
  office: {
    loading: 'Einen Moment',
    again: 'Noch einmal fragen',
  },
  link: {
    connecting: 'Verbindung zur Station',
    lost: 'Die Verbindung zur Station ist weg',
    again: 'Wird neu verbunden. Nichts Gespeichertes ging verloren.',
  },
  health: {
    parts: { face: 'Der Teil, der Bilder ansieht', matcher: 'Der Teil, der die Galerie durchsucht' },
    restarting: '{part}, ist ausgefallen und startet neu. Nichts Gespeichertes ging verloren.',
    failed: '{part}, startet nicht. Die Station neu starten; nichts Gespeichertes ging verloren.',
  },
  refusal: { dismiss: 'Diese Meldung schließen' },
}
