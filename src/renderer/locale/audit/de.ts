import { deEvents } from '../events/de.ts'
import { plural } from '../plural.ts'
import type { enAudit } from './en.ts'

/** Audit: what happened, by whom, and whether the chain is whole, in German. */
export const deAudit: typeof enAudit = {
  events: deEvents,
  audit: {
    title: 'Protokoll',
    subtitle:
      'Jede Änderung, jeder Blick auf persönliche Daten, jede Ablehnung. Die Kette selbst nennt niemanden: Sie hält zufällige Kennungen. Namen werden beim Lesen nachgeschlagen.',
    event: 'Ereignis',
    doors: { ipc: 'Fenster', socket: 'Fenster im Browser', rest: 'Dienst-Endpunkte', command: 'Befehlszeile' },
    otherRoles: { client: 'Programm', nobody: 'Niemand' },
    unknown: { account: 'unbekanntes Konto {id}', program: 'unbekanntes Programm {id}' },
    service: 'am Dienst von {name}',
    code: 'Code',
    role: 'Rolle',
    door: 'Zugang',
    table: 'Als Tabelle speichern',
    outcome: 'Ausgang',
    any: 'jeder',
    outcomes: { done: 'getan', refused: 'abgelehnt', failed: 'gescheitert' },
    from: 'Ab',
    to: 'Vor',
    none: 'Kein Eintrag ist so.',
    older: 'Ältere Einträge',
    number: 'Nr.',
    time: 'Zeit',
    who: 'Wer',
    subject: 'Person',
    details: 'Angaben',
    verify: 'Die Kette prüfen',
    verifying: 'Jeder Eintrag wird geprüft. Die Station bleibt benutzbar.',
    ok: 'Alle {n} Einträge und {checkpoints} Haltepunkte stimmen.',
    bad: 'Die Kette ist gebrochen.',
    firstBad: 'Der erste falsche oder fehlende Eintrag ist Nr. {n}.',
    badCheckpoint: 'Der Haltepunkt über {n} Einträge ist falsch oder fehlt.',
    contradicting: 'Was außerhalb des Tresors verankert ist, widerspricht: Einträge wurden abgeschnitten oder ersetzt.',
    badRemedy: 'Den Datenordner lassen, wie er ist, und den Datenschutz rufen.',
    unanchored: '{n} Einträge sind neuer als der letzte verankerte Haltepunkt.',
    fingerprint: 'Fingerabdruck der Station',
    export: 'Ausgeben',
    exporting: plural({ one: '1 Zeile', other: '{n} Zeilen' }),
    exported: plural({ one: '1 Zeile wurde als {file} gespeichert.', other: '{n} Zeilen wurden als {file} gespeichert.' }),
    certificate: 'Bescheinigung',
    certificateOf: 'Bescheinigung der Löschung in Eintrag {n}',
  },
}
