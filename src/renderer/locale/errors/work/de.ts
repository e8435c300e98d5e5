import type { ErrorWords } from '../errorWords.ts'

/** Refusals of enrolment, the inbox, import, keys and model packs, in German. */
export const deWorkErrors: ErrorWords = {
  'picture.missing': ['Die Bilddatei gibt es nicht.', 'Pfad und Schreibweise des Dateinamens prüfen.'],
  'picture.notAFile': ['Der Pfad des Bildes nennt einen Ordner oder ein Gerät.', 'Eine einzelne Bilddatei nennen.'],
  'capture.simulatedRefused': ['Eine gespielte Kamera darf keinen echten Tresor füllen.', 'Eine Kamera anschließen.'],
  'duplicate.found': [
    'Jemand in der Galerie sieht dieser Person ähnlich.',
    'Die Bilder vergleichen; nur erfassen, wenn es zwei Menschen sind.',
  ],
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
  'vault.missing': ['Im Datenordner ist kein Tresor.', 'Einen neuen Tresor anlegen.'],
  'vault.exists': ['Im Datenordner ist schon ein Tresor.', 'Den vorhandenen Tresor öffnen.'],
  'vault.tooNew': ['Eine neuere Version hat diesen Tresor geschrieben.', 'Die Version einspielen, die ihn schrieb, oder eine neuere.'],
  'vault.kindRefused': [
    'Das ist bei einem Tresor dieser Art nicht erlaubt.',
    'Vorführdaten gehören in einen Demo-Tresor, echte in einen echten.',
  ],
  'key.missing': [
    'Der Schlüsselbund hat keinen Schlüssel für diesen Tresor.',
    'Als die Person anmelden, die den Tresor anlegte, oder den Notschlüssel verwenden. Über einen alten Tresor kommt kein neuer Schlüssel.',
  ],
  'recovery.none': ['Dieser Tresor hat keinen Notschlüssel.', 'Ihn mit seinem Schlüssel öffnen.'],
  'recovery.mistyped': [
    'Das ist kein Notschlüssel: Ein Zeichen ist falsch oder fehlt.',
    'Alle 14 Vierergruppen eingeben, wie sie dastehen.',
  ],
  'recovery.wrong': ['Der Notschlüssel öffnet diesen Tresor nicht.', 'Den zuletzt ausgegebenen verwenden: Er macht frühere ungültig.'],
  'job.unknown': ['Diese Arbeit gibt es nicht.', 'Die Arbeiten stehen unter Tresor.'],
  'certificate.unknown': ['Zu diesem Eintrag gehört keine Löschung.', 'Die Löschungen im Protokoll ansehen.'],
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
  'evaluation.tooSmall': [
    'Es sind zu wenige Bilder.',
    'Bilder von mehr Menschen nehmen: 46 Menschen mit je einem Bild sind rund 1.000 Paare verschiedener Menschen.',
  ],
  'model.missing': ['Eine Modelldatei des Pakets fehlt.', 'Das Paket noch einmal hereinholen.'],
  'model.invalid': ['Eine Modelldatei ist nicht die, die ihr Manifest nennt.', 'Das Paket noch einmal hereinholen.'],
  'model.loadFailed': ['Das Modell war nicht zu laden.', 'Den freien Speicher prüfen; das Paket noch einmal hereinholen.'],
  'model.unknown': ['Kein Modellpaket hat diese Kennung.', 'Die Liste der Pakete ansehen.'],
  'model.unsupported': [
    'Das Modell verwendet etwas, das nicht angenommen wird.',
    'Es mit gängigen ONNX-Operatoren, festen Formen und Gewichten in der Datei neu ausgeben lassen.',
  ],
  'model.weightsInvalid': [
    'Gewichte des Modells sind keine endlichen Zahlen oder füllen ihre Form nicht.',
    'Bei der Herstellung ein gesundes Paket erbitten.',
  ],
  'model.selfTestFailed': [
    'Das Paket findet oder vergleicht ein gezeichnetes Gesicht nicht, wie es soll.',
    'Familie, Eingabe und Ausrichtung im Manifest mit der Beschreibung des Modells vergleichen.',
  ],
  'model.referencesMissing': [
    'Personen haben noch keine Referenz dieses Modells und würden nicht gefunden.',
    'Zuerst ihre Referenzen machen; oder hinnehmen, dass sie neu zu erfassen sind.',
  ],
  'model.active': ['Dieses Paket arbeitet.', 'Zuerst ein anderes arbeiten lassen.'],
  'pack.unreadable': [
    'Das ist kein Modellpaket, oder es ist beschädigt.',
    'Eine Zip-Datei oder einen Ordner mit manifest.json nennen; neu kopieren.',
  ],
  'pack.unsafe': [
    'Das Paket greift über sich hinaus oder verbirgt etwas.',
    'Nicht verwenden; bei der Herstellung nachfragen. Ein Paket hält nur einfache Dateien, die sein Manifest alle nennt.',
  ],
  'pack.tooLarge': ['Das Paket ist größer als erlaubt.', 'Ein Paket hat höchstens 32 Dateien, 512 MiB je Modell und 1 GiB zusammen.'],
  'pack.untrusted': [
    'Kein Schlüssel, dem vertraut wird, hat dieses Paket unterschrieben.',
    'Wenn Sie wissen, woher es kommt, „Ich weiß, woher es kommt“ ankreuzen und noch einmal prüfen.',
  ],
  'pack.exists': ['Ein Paket dieser Kennung ist schon da.', 'Es zuerst herausnehmen, oder dem neuen eine andere Kennung geben lassen.'],
  'pack.checkFailed': [
    'Die Prüfung des Pakets brauchte mehr Speicher oder Zeit als erlaubt oder brach ab.',
    'Nicht verwenden; wenn Sie ihm vertrauen, andere Programme schließen und noch einmal versuchen.',
  ],
  'pack.builtIn': ['Dieses Paket kam mit dem Programm.', 'Es bleibt; ein hereingeholtes nennen.'],
  'signIn.pinOperatorsOnly': [
    'Eine PIN ist nur für die Bedienung; jede andere Rolle braucht ein Passwort.',
    'Die Verwaltung bitten, dem Konto ein Passwort zu geben.',
  ],
  'operator.unknown': ['Kein Konto hat diesen Namen.', 'Den Namen prüfen; die Konten stehen unter Konten.'],
  'operator.firstAdministrator': ['Das erste Konto muss eines der Verwaltung sein.', 'Zuerst die Verwaltung anlegen, dann die anderen.'],
  'request.tooLarge': ['Die Anfrage ist größer als erlaubt.', 'Weniger oder kleinere Bilder senden.'],
  'resource.exhausted': ['Der Rechner hat dafür zu wenig Speicher.', 'Andere Programme schließen und noch einmal versuchen.'],
}
