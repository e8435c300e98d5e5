import type { ErrorWords } from '../errorWords.ts'

/** Refusals of the vault, model packs, rights, requests and the station itself, in German. */
export const deStationErrors: ErrorWords = {
  'vault.missing': ['Im Datenordner ist kein Tresor.', 'Einen neuen Tresor anlegen.'],
  'vault.exists': ['Im Datenordner ist schon ein Tresor.', 'Den vorhandenen Tresor öffnen.'],
  'vault.locked': ['Der Tresor ist verschlossen.', 'Mit seinem Kennsatz öffnen.'],
  'vault.wrongKey': ['Der Schlüssel öffnet diesen Tresor nicht.', 'Kennsatz, Großbuchstaben und Tastatursprache prüfen.'],
  'vault.damaged': [
    'Der Tresor ist beschädigt. Nichts wurde geändert.',
    'Nicht in den Ordner schreiben; die letzte gute Kopie wiederherstellen.',
  ],
  'vault.tooNew': ['Eine neuere Version hat diesen Tresor geschrieben.', 'Die Version einspielen, die ihn schrieb, oder eine neuere.'],
  'vault.inUse': ['Ein anderer Prozess hält diesen Tresor.', 'Die andere Station schließen oder warten, bis sie endet.'],
  'vault.busy': [
    'Der Tresor wird unter neuem Schlüssel kopiert. Nichts wurde geschrieben.',
    'Noch einmal versuchen, wenn die Kopie fertig ist.',
  ],
  'vault.unwritable': ['In den Datenordner kann nicht geschrieben werden.', 'Seine Rechte prüfen und ob die Platte schreibgeschützt ist.'],
  'vault.diskFull': ['Die Platte ist voll; nichts wurde geschrieben.', 'Platz schaffen und noch einmal versuchen.'],
  'vault.passphraseWeak': ['Der Kennsatz ist zu kurz.', 'Mindestens 12 Zeichen verwenden.'],
  'vault.kindRefused': [
    'Das ist bei einem Tresor dieser Art nicht erlaubt.',
    'Vorführdaten gehören in einen Demo-Tresor, echte in einen echten.',
  ],
  'key.missing': [
    'Der Schlüsselbund hat keinen Schlüssel für diesen Tresor.',
    'Als die Person anmelden, die den Tresor anlegte, oder den Notschlüssel verwenden. Über einen alten Tresor kommt kein neuer Schlüssel.',
  ],
  'keychain.unavailable': [
    'Der Schlüsselbund dieses Rechners ist nicht erreichbar.',
    'Den Schlüsselbund dieses Rechners entsperren oder einen Kennsatz wählen.',
  ],
  'keychain.locked': ['Der Schlüsselbund ist gesperrt.', 'Ihn entsperren und noch einmal versuchen.'],
  'recovery.none': ['Dieser Tresor hat keinen Notschlüssel.', 'Ihn mit seinem Schlüssel öffnen.'],
  'recovery.mistyped': [
    'Das ist kein Notschlüssel: Ein Zeichen ist falsch oder fehlt.',
    'Alle 14 Vierergruppen eingeben, wie sie dastehen.',
  ],
  'recovery.wrong': ['Der Notschlüssel öffnet diesen Tresor nicht.', 'Den zuletzt ausgegebenen verwenden: Er macht frühere ungültig.'],
  'recovery.mismatch': ['Die Gruppen gehören nicht zum Notschlüssel.', 'Jeden Buchstaben mit dem Zettel vergleichen.'],
  'job.unknown': ['Diese Arbeit gibt es nicht.', 'Die Arbeiten stehen unter Tresor.'],
  'job.notPossible': ['In diesem Zustand geht das mit der Arbeit nicht.', 'Auf die laufende Arbeit warten oder sie abbrechen.'],
  'backup.damaged': [
    'Die Sicherung ist beschädigt oder verändert. Nichts wurde geändert.',
    'Eine andere Generation verwenden; neue Sicherungen in einen anderen Ordner.',
  ],
  'backup.foreign': [
    'Der Ordner hält Sicherungen eines anderen Tresors. Nichts wurde geändert.',
    'Jedem Tresor einen eigenen Ordner geben.',
  ],
  'backup.unreachable': [
    'Der Ordner der Sicherung ist nicht erreichbar oder nicht beschreibbar.',
    'Die Platte anschließen, Platz und Rechte prüfen, noch einmal versuchen.',
  ],
  'backup.running': ['Eine Sicherung läuft schon.', 'Warten, bis sie fertig ist.'],
  'audit.broken': ['Die Protokollkette stimmt nicht.', 'Den Datenordner lassen, wie er ist, und den Datenschutz rufen.'],
  'audit.unrecorded': [
    'Der Aufruf war nicht zu protokollieren und wurde darum nicht beantwortet.',
    'Der Platte des Tresors Platz und Schreibrecht geben, dann noch einmal fragen.',
  ],
  'certificate.unknown': ['Zu diesem Eintrag gehört keine Löschung.', 'Die Löschungen im Protokoll ansehen.'],
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
  'inference.failed': ['Das Modell scheiterte an diesem Bild.', 'Ein anderes Bild versuchen.'],
  'permission.denied': ['Ihre Rolle erlaubt das nicht.', 'Jemanden anmelden lassen, dessen Rolle es erlaubt.'],
  'client.notGranted': [
    'Der Schlüssel dieses Programms ist dafür nicht da.',
    'Bei der Administration einen Schlüssel mit der nötigen Erlaubnis erbitten.',
  ],
  'client.exists': [
    'Ein Programm heißt schon so oder hieß so.',
    'Einen anderen Namen wählen: Das Protokoll hält die Namen von Programmen für immer auseinander.',
  ],
  'client.unknown': ['Kein Programm hat diesen Namen.', 'Die Programme stehen in den Einstellungen.'],
  'signIn.required': ['Dafür muss jemand angemeldet sein.', 'Mit Ihrem Namen anmelden.'],
  'signIn.wrong': [
    'Name und Passwort gehören nicht zusammen.',
    'Name, Großbuchstaben und Tastatursprache prüfen. Nach fünf falschen Versuchen wartet ein Name 15 Minuten.',
  ],
  'signIn.wait': ['Dieser Name muss nach falschen Versuchen warten.', 'So lange warten, wie angezeigt.'],
  'signIn.pinRefused': ['Diese Station erlaubt keine PIN.', 'Die Verwaltung um ein Passwort bitten.'],
  'signIn.pinOperatorsOnly': [
    'Eine PIN ist nur für die Bedienung; jede andere Rolle braucht ein Passwort.',
    'Die Verwaltung bitten, dem Konto ein Passwort zu geben.',
  ],
  'operator.unknown': ['Kein Konto hat diesen Namen.', 'Den Namen prüfen; die Konten stehen unter Konten.'],
  'operator.exists': ['Ein Konto hat diesen Namen schon.', 'Einen anderen Namen wählen.'],
  'operator.firstAdministrator': ['Das erste Konto muss eines der Verwaltung sein.', 'Zuerst die Verwaltung anlegen, dann die anderen.'],
  'operator.lastAdministrator': ['Das letzte Konto der Verwaltung bleibt frei und behält seine Rolle.', 'Zuerst ein weiteres anlegen.'],
  'operator.secretWeak': ['Das Passwort oder die PIN genügt nicht.', 'Vier Wörter ohne Zusammenhang sind ein gutes Passwort.'],
  'rate.limited': ['Zu viele Anfragen auf einmal.', 'Einen Moment warten und noch einmal versuchen.'],
  'request.invalid': ['Eine Angabe ist nicht richtig.', 'Das genannte Feld berichtigen.'],
  'request.tooLarge': ['Die Anfrage ist größer als erlaubt.', 'Weniger oder kleinere Bilder senden.'],
  'request.timedOut': ['Die Antwort dauerte zu lange.', 'Noch einmal versuchen; wenn es wieder geschieht, den Zustand ansehen.'],
  'resource.exhausted': ['Der Rechner hat dafür zu wenig Speicher.', 'Andere Programme schließen und noch einmal versuchen.'],
  'process.restarted': ['Ein Teil der Station fiel aus und startete neu. Nichts Gespeichertes ging verloren.', 'Noch einmal versuchen.'],
  'process.unavailable': ['Ein Teil der Station startet nicht.', 'Die Station neu starten.'],
  'station.unreachable': ['Die Verbindung zur Station ist weg.', 'Nachsehen, ob die Station noch läuft.'],
  'internal.fault': ['In der Station ging etwas schief. Nichts Gespeichertes ging verloren.', 'Noch einmal versuchen.'],
}
