import { plural } from '../plural.ts'
import type { enVault } from './en.ts'

/** The vault: long work, checks and their reports, in German. */
export const deVault: typeof enVault = {
  jobs: {
    rotate: 'Neue Schlüssel',
    rotateDeep: 'Schlüssel und Daten werden erneuert',
    rekey: 'Der Tresor wird unter neuem Schlüssel kopiert',
    backUp: 'Eine Sicherung entsteht',
    duplicates: 'Alle Referenzen werden miteinander verglichen',
    reembed: 'Referenzen eines anderen Modells entstehen',
    import: 'Personen werden importiert',
    paused: 'angehalten',
  },
  vault: {
    title: 'Tresor',
    subtitle: 'Lange Arbeit läuft im Hintergrund, auch nach einem Neustart. Die Station bleibt benutzbar.',
    now: 'Läuft jetzt',
    none: 'Nichts läuft.',
    done: '{done} von {total}',
    counting: 'Wird gezählt',
    pause: 'Anhalten',
    resume: 'Weiter',
    cancel: 'Abbrechen',
    cancelSure: 'Abbrechen: Fertiges bleibt',
    start: 'Starten',
    onlyAdministrator: 'Nur die Verwaltung startet, hält an oder bricht ab.',
    kinds: {
      rotate: { title: 'Schlüssel erneuern', text: 'Eine neue Schlüsselepoche; jeder Personenschlüssel wird neu verpackt.' },
      rotateDeep: {
        title: 'Schlüssel und Daten erneuern',
        text: 'Auch neue Personenschlüssel; alle Daten werden neu versiegelt. Dauert am längsten.',
      },
      rekey: { title: 'Unter neuem Seitenschlüssel kopieren', text: 'Die Datenbank wird kopiert und getauscht. Aufrufe warten solange.' },
      backUp: { title: 'Sichern', text: 'Eine neue Generation und die Schlüsseldatei, geprüft durch eine Probe-Wiederherstellung.' },
      duplicates: {
        title: 'Doppelte Erfassungen finden',
        text: 'Jede Referenz wird mit jeder anderen verglichen; die Station bleibt benutzbar.',
      },
      reembed: {
        title: 'Referenzen eines anderen Modells bilden',
        text: 'Aus jedem behaltenen Bild; die Station bleibt benutzbar.',
      },
      import: { title: 'Personen importieren', text: 'Aus einem Ordner mit Bildern oder einer Liste; die Station bleibt benutzbar.' },
    },
    check: {
      title: 'Den Tresor prüfen',
      text: 'Seiten, Siegel, Index und Protokoll; freier Platz geht an die Platte zurück.',
      button: 'Prüfen',
    },
    checkAll: { title: 'Alles prüfen', text: 'Jedes Siegel jeder Person, so lange es auch dauert.', button: 'Alles prüfen' },
    checking: 'Wird geprüft. Die Station bleibt benutzbar.',
    history: 'Frühere Arbeit',
    historyNone: 'Noch wurden keine Schlüssel erneuert.',
    states: { running: 'läuft', paused: 'angehalten', done: 'fertig', failed: 'gescheitert', cancelled: 'abgebrochen' },
    report: 'Letzte Prüfung',
    reportNone: 'Der Tresor wurde noch nicht geprüft. Die Station prüft ihn einmal am Tag, wenn sie nichts zu tun hat.',
    reportOk: 'Nichts Falsches gefunden.',
    reportBad: plural({
      one: '1 Befund. Den Datenordner lassen, wie er ist, und den Datenschutz rufen.',
      other: '{n} Befunde. Den Datenordner lassen, wie er ist, und den Datenschutz rufen.',
    }),
    thorough: 'Alles wurde angesehen.',
    sampled: 'Von einem großen Tresor wurde eine Stichprobe angesehen.',
    lookedAt: '{n} angesehen',
    skipped: 'diesmal nicht angesehen',
    checks: {
      database: 'Seiten der Datenbank',
      consistency: 'Zeilen, die zusammengehören',
      seals: 'Versiegelte Werte',
      index: 'Index der Namen',
      audit: 'Protokollkette',
      segments: 'Versiegelte Galerie',
      space: 'Zurückgegebener Platz',
    },
  },
}
