import type { enRights } from './en.ts'

/** Einschränkung der Verarbeitung und Berichtigung, auf Deutsch. */
export const deRights: typeof enRights = {
  restriction: {
    restrict: 'Einschränken …',
    lift: 'Aufheben …',
    since: 'Eingeschränkt seit {date}',
    sinceBy: 'Eingeschränkt seit {date} durch {name}',
    unused: 'Was gespeichert ist, bleibt und wird nicht benutzt: Keine Suche findet die Person, niemand wird mit ihr verglichen.',
    why: 'Grund',
    restrictTitle: 'Verarbeitung von {id} einschränken?',
    stops: 'Was aufhört',
    stopsText: 'Prüfen, Erkennen, die Suche nach Doppelten, neue Aufnahmen, Wechsel der Fassung und das Zeigen von Bildern.',
    stays: 'Was bleibt',
    staysText: 'Alles Gespeicherte. Es kann weiter berichtigt, für die Person gesichert und gelöscht werden.',
    liftTitle: 'Einschränkung von {id} aufheben?',
    liftText: 'Die Person wird wieder geprüft und gefunden, wie vor der Einschränkung.',
    liftLaw: 'Das Gesetz verlangt, die Person vorher zu unterrichten (DSGVO, Artikel 18).',
    reasonHelp: 'Mindestens {n} Zeichen. Liegt versiegelt bei der Person; im Protokoll steht er nicht.',
    restrictButton: 'Einschränken',
    liftButton: 'Einschränkung aufheben',
    cancel: 'So lassen',
    restricted: 'Die Verarbeitung von {id} ist eingeschränkt.',
    lifted: 'Die Einschränkung von {id} ist aufgehoben.',
    undo: 'Rückgängig',
    undoReason: 'Versehentlich eingeschränkt, sofort zurückgenommen.',
    noPicture: 'Solange die Verarbeitung eingeschränkt ist, werden keine Bilder gezeigt.',
  },
  correction: {
    open: 'Angaben berichtigen …',
    title: 'Angaben von {id} berichtigen',
    help: 'Die Nummer bleibt. Im Protokoll steht, welche Felder berichtigt wurden, nicht was darin steht.',
    button: 'Berichtigung speichern',
    cancel: 'Abbrechen',
    done: 'Berichtigt: {fields}.',
  },
}
