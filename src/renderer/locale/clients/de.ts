import type { enClients } from './en.ts'

/** Programs that have a key, in German. */
export const deClients: typeof enClients = {
  clients: {
    title: 'Programme',
    subtitle: 'Programme, die die Schnittstelle dieser Station nutzen, jedes mit einem eigenen Schlüssel für das, was es darf.',
    none: 'Kein Programm hat einen Schlüssel.',
    add: 'Programm hinzufügen',
    name: 'Name des Programms',
    may: 'Es darf',
    make: 'Schlüssel erzeugen',
    permissions: {
      pictures: 'Gesichter finden und Merkmalssätze aus Bildern bilden',
      compare: 'Merkmalssätze miteinander vergleichen',
      templates: 'gespeicherte Merkmalssätze ablegen, lesen und durchsuchen',
      enrol: 'erfassen',
      verify: 'prüfen',
      identify: 'suchen',
      subjects: 'lesen, wer erfasst ist',
    },
    given: 'Der Schlüssel von {name}',
    givenText:
      'Jetzt im Programm hinterlegen: Er wird nur einmal gezeigt und nirgends aufbewahrt. Das Programm sendet ihn als Bearer-Token.',
    copy: 'Kopieren',
    copied: 'Kopiert',
    stored: 'Ist hinterlegt',
    neverUsed: 'nie benutzt',
    lastUsed: 'zuletzt benutzt {time}',
    revoke: 'Schlüssel zurückziehen',
    revokeSure: 'Endgültig zurückziehen? {name} wird von da an abgewiesen.',
    revoked: 'zurückgezogen {time}',
  },
}
