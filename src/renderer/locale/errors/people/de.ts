import type { ErrorWords } from '../errorWords.ts'

/** Refusals of pictures, subjects and imports, in German. */
export const dePeopleErrors: ErrorWords = {
  'picture.missing': ['Die Bilddatei gibt es nicht.', 'Pfad und Schreibweise des Dateinamens prüfen.'],
  'picture.notAFile': ['Der Pfad des Bildes nennt einen Ordner oder ein Gerät.', 'Eine einzelne Bilddatei nennen.'],
  'picture.unreadable': ['Die Bilddatei ist nicht lesbar.', 'Rechte der Datei und die Platte prüfen.'],
  'picture.empty': ['Das Bild ist leer.', 'Das Bild neu kopieren; die Datei hat 0 Byte.'],
  'picture.undecodable': ['Das Bild ist beschädigt oder kein Bild.', 'Im Bildbetrachter öffnen und neu als JPEG oder PNG speichern.'],
  'picture.truncated': ['Das Bild endet zu früh.', 'Das Bild neu kopieren oder herunterladen.'],
  'picture.unsupported': ['Diese Art Datei wird nicht als Bild angenommen.', 'JPEG, PNG, WebP, TIFF oder ein stehendes GIF verwenden.'],
  'picture.animated': ['Das Bild hat mehr als ein Bild oder eine Seite.', 'Das gemeinte Bild einzeln speichern.'],
  'picture.tooLarge': ['Das Bild ist größer als erlaubt.', 'Auf höchstens 64 Megapixel und 64 MiB verkleinern.'],
  'picture.tooSmall': ['Das Bild ist zu klein für ein brauchbares Gesicht.', 'Ein Bild von mindestens 32 mal 32 Pixeln verwenden.'],
  'face.none': ['Im Bild wurde kein Gesicht gefunden.', 'Ein Bild verwenden, in dem ein Gesicht groß, scharf und gut beleuchtet ist.'],
  'face.ambiguous': ['Zwei Gesichter könnten gemeint sein.', 'Das Bild mit nur einer Person aufnehmen oder auf sie zuschneiden.'],
  'face.alignmentFailed': [
    'Die Punkte des Gesichts waren nicht zu finden.',
    'Ein Bild verwenden, in dem das ganze Gesicht zur Kamera sieht.',
  ],
  'capture.unknown': ['Diese Aufnahme gibt es nicht mehr.', 'Die Person noch einmal aufnehmen.'],
  'capture.sessionUnknown': ['Diese Kamerasitzung ist nicht offen.', 'Die Kamera noch einmal öffnen.'],
  'capture.notReady': [
    'Die Kamera hat noch kein brauchbares Gesicht gesehen.',
    'Die Person bitten, in die Kamera zu sehen, dann noch einmal aufnehmen.',
  ],
  'capture.virtualCamera': [
    'Das ist eine virtuelle Kamera, und diese Station erlaubt keine.',
    'Eine Kamera wählen, die ein Gerät ist, oder die Verwaltung bitten, virtuelle zu erlauben.',
  ],
  'quality.refused': [
    'Das Bild genügt der verlangten Güte nicht.',
    'Das Bild neu aufnehmen, wie es die schwächste Angabe sagt, oder eine andere Vorgabe wählen.',
  ],
  'capture.simulatedRefused': ['Eine gespielte Kamera darf keinen echten Tresor füllen.', 'Eine Kamera anschließen.'],
  'duplicate.found': [
    'Jemand in der Galerie sieht dieser Person ähnlich.',
    'Die Bilder vergleichen; nur erfassen, wenn es zwei Menschen sind.',
  ],
  'consent.required': ['Es gibt keine Einwilligung in den geltenden Text.', 'Mit dem neuesten Text fragen; nichts wurde gespeichert.'],
  'consent.unknown': ['Kein Text zur Einwilligung hat diese Fassung.', 'Den geltenden Text ansehen.'],
  'subject.unknown': ['Keine Person hat diese Nummer.', 'Die Nummer mit der Person prüfen.'],
  'subject.restricted': [
    'Die Verarbeitung dieser Person ist eingeschränkt: Was gespeichert ist, bleibt und wird nicht benutzt.',
    'Unbenutzt lassen. Ist der Grund weggefallen, unterrichtet eine Aufsicht die Person und hebt die Einschränkung auf.',
  ],
  'subject.notRestricted': [
    'Die Verarbeitung dieser Person ist nicht eingeschränkt.',
    'Die Person noch einmal öffnen: Sie wurde schon aufgehoben.',
  ],
  'subject.changed': [
    'Jemand hat diese Person geändert, seit sie gezeigt wurde.',
    'Die Person noch einmal öffnen und berichtigen, was noch falsch ist.',
  ],
  'search.tooShort': [
    'Das ist zu wenig zum Suchen.',
    'Mindestens 3 Zeichen eines Namens oder einer Nummer eingeben, oder die ganze Nummer.',
  ],
  'subject.noReference': ['Die Person hat keine Referenz des aktiven Modells.', 'Die Person mit einem neuen Bild noch einmal erfassen.'],
  'subject.exists': ['Eine Person hat diese Nummer schon.', 'Die Person nachschlagen; einer neuen eine andere Nummer geben.'],
  'subject.exception': [
    'Die Person ist als Ausnahme erfasst: Es gibt kein Gesicht zum Vergleichen.',
    'Das Dokument und den Grund der Ausnahme prüfen; wo jetzt ein Gesicht aufzunehmen ist, unter derselben Nummer erfassen.',
  ],
  'subject.notException': ['Die Person ist nicht als Ausnahme erfasst.', 'Die Person ansehen: Sie hat eine Referenz.'],
  'form.refused': ['Das Formular ist nicht ausgefüllt, wie der Standort es verlangt.', 'Das genannte Feld berichtigen.'],
  'form.changed': ['Das Formular wurde geändert, während es ausgefüllt wurde.', 'Die Felder noch einmal durchsehen.'],
  'form.unknown': ['Kein Formular hat diese Fassung.', 'Das geltende Formular ansehen.'],
  'draft.unknown': [
    'Diese begonnene Erfassung gibt es nicht, oder sie gehört jemand anderem.',
    'Die Liste neu ansehen: Sie kann fertig, verworfen oder abgelaufen sein.',
  ],
  'draft.tooMany': [
    'Es gibt zu viele begonnene Erfassungen.',
    'Einige abschließen oder verwerfen; über Wartendes entscheidet die Aufsicht.',
  ],
  'exception.proofMissing': ['Der Standort verlangt ein Bild, das die Ausnahme belegt.', 'Das Dokument fotografieren und beifügen.'],
  'duplicate.none': ['Niemand in der Galerie sieht dieser Person ähnlich; es gibt nichts zu entscheiden.', 'Die Person erfassen.'],
  'inbox.ownItem': [
    'Niemand entscheidet über einen Fall, den er selbst der Aufsicht überlassen hat.',
    'Eine andere Person der Aufsicht bitten.',
  ],
  'inbox.decisionRefused': ['So ist dieser Fall nicht zu entscheiden.', 'Wählen, was genannt ist.'],
  'inbox.newCandidates': [
    'Inzwischen wurde noch jemand erfasst, der dieser Person ähnlich sieht.',
    'Den Fall neu öffnen, auch die neuen Bilder vergleichen, dann entscheiden.',
  ],
  'reference.unknown': ['Die Person hat keine Referenzen dieser Fassung.', 'Die Fassungen der Person ansehen.'],
  'reference.active': ['Diese Fassung ist in Gebrauch.', 'Eine abgelöste Fassung nennen; um alles zu vernichten, die Person löschen.'],
  'gallery.notReady': ['Die Galerie wird noch geladen.', 'Einige Sekunden warten, dann noch einmal versuchen.'],
  'import.sourceUnreadable': [
    'Ordner oder Liste des Imports sind nicht lesbar.',
    'Pfad und Rechte prüfen; einen Ordner mit Bildern oder eine CSV-Liste nennen.',
  ],
  'import.listInvalid': [
    'Die Liste des Imports ist nicht wohlgeformt.',
    'Als CSV in UTF-8 sichern, mit einer ersten Zeile, die die Spalten number und picture nennt, und das Genannte berichtigen.',
  ],
  'import.empty': [
    'Es gibt nichts zu importieren.',
    'Einen Ordner mit einem Ordner je Person nennen, oder mit Bildern, die nach Nummern heißen, oder eine Liste mit Zeilen.',
  ],
  'import.tooLarge': [
    'Der Import ist größer als erlaubt.',
    'In Teilen importieren: höchstens 1.000.000 Zeilen und 512 MiB einer Liste, oder 100.000 Einträge eines Ordners.',
  ],
  'import.rowInvalid': [
    'Ein Wert der Zeile ist nicht verwendbar.',
    'Das Genannte berichtigen und neu importieren: Was erfasst ist, wird dann übergangen.',
  ],
  'import.numberTaken': [
    'Die Nummer gehört schon zu einer anderen Zeile oder Person.',
    'Jeder Person eine eigene Nummer geben; Bilder einer Person gehören in einen Ordner.',
  ],
  'import.pathOutside': [
    'Das Bild ist eine Verknüpfung, oder sein Pfad verlässt den Ordner.',
    'Das Bild in den Ordner kopieren und mit einem Pfad darin nennen.',
  ],
  'import.suspected': ['Jemand in der Galerie sieht dieser Person ähnlich.', 'Die Bilder vergleichen und entscheiden.'],
  'import.sourceChanged': [
    'Ordner oder Liste sind nicht mehr, wie sie importiert wurden.',
    'Sie zurückbringen und noch einmal versuchen; oder abbrechen und neu importieren: Was erfasst ist, wird dann übergangen.',
  ],
  'import.rowUnknown': ['Keine Zeile mit dieser Nummer wartet auf eine Entscheidung.', 'Die Zeilen ansehen, über die zu entscheiden ist.'],
}
