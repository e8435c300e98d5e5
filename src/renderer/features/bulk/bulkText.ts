/** The sentences of bulk import: sections for the catalogues of the four languages. */
import type { ImportGrounds, ImportOutcome } from '../../../contract/bulkImport.ts'

type Grounds = (typeof ImportGrounds)['options'][number]

export interface BulkText {
  readonly title: string
  readonly subtitle: string
  readonly source: string
  readonly sourceHint: string
  readonly duplicates: string
  readonly ask: string
  readonly refuse: string
  readonly start: string
  readonly unread: string
  readonly report: string
  readonly none: string
  readonly notReadable: string
  readonly filter: string
  readonly notEnrolled: string
  readonly all: string
  readonly save: string
  readonly more: string
  readonly row: string
  readonly number: string
  readonly name: string
  readonly result: string
  readonly reason: string
  readonly decide: string
  readonly decideTitle: string
  readonly decideText: string
  readonly ofRow: string
  readonly ofSubject: string
  readonly grounds: string
  readonly different: string
  readonly same: string
  readonly dismiss: string
  readonly dismissSure: string
  readonly nobody: string
  readonly close: string
  readonly outcomes: Readonly<Record<ImportOutcome, string>>
  readonly groundsOf: Readonly<Record<Grounds, string>>
}

const en: BulkText = {
  title: 'Import people',
  subtitle: 'Enrol the people of a folder of pictures or of a list. The station stays in use meanwhile.',
  source: 'Folder or list on this machine',
  sourceHint: 'A folder with a folder of pictures for each person, or a CSV list with the columns number and picture.',
  duplicates: 'Who looks like somebody in the gallery',
  ask: 'is left for a decision',
  refuse: 'is refused',
  start: 'Import',
  unread: 'Columns that were not read: {columns}',
  report: 'Result',
  none: 'Nothing has been imported yet.',
  notReadable: 'The folder or list is not there any more, or not as it was: rows are shown without names.',
  filter: 'Rows',
  notEnrolled: 'Not enrolled',
  all: 'All',
  save: 'Save these rows as CSV',
  more: 'Show more rows',
  row: 'Row',
  number: 'Number',
  name: 'Name',
  result: 'Result',
  reason: 'Reason',
  decide: 'Decide',
  decideTitle: 'Is this the same person?',
  decideText: 'Compare the pictures. What you decide is recorded.',
  ofRow: 'Picture of row {row}',
  ofSubject: 'Stored picture of {id}',
  grounds: 'What the decision rests on',
  different: 'Another person: enrol',
  same: 'The same person: add to {id}',
  dismiss: 'Leave out',
  dismissSure: 'Leave out for good?',
  nobody: 'Nobody in the gallery looks like this person any more.',
  close: 'Close',
  outcomes: {
    enrolled: 'Enrolled',
    added: 'Added to a subject',
    skipped: 'Was there before',
    suspected: 'To be decided',
    dismissed: 'Left out',
    refused: 'Refused',
  },
  groundsOf: {
    pictures: 'The pictures',
    documents: 'Documents',
    relatives: 'They are relatives',
    knownInPerson: 'Known in person',
    other: 'Something else',
  },
}

const de: BulkText = {
  title: 'Personen importieren',
  subtitle: 'Erfasst die Personen eines Bilderordners oder einer Liste. Die Station bleibt dabei in Betrieb.',
  source: 'Ordner oder Liste auf diesem Rechner',
  sourceHint: 'Ein Ordner mit einem Bilderordner je Person oder eine CSV-Liste mit den Spalten Nummer und Bild.',
  duplicates: 'Wer jemandem in der Galerie ähnlich sieht,',
  ask: 'wird zur Entscheidung vorgelegt',
  refuse: 'wird abgelehnt',
  start: 'Importieren',
  unread: 'Nicht gelesene Spalten: {columns}',
  report: 'Ergebnis',
  none: 'Es wurde noch nichts importiert.',
  notReadable: 'Ordner oder Liste sind nicht mehr da oder wurden verändert: Die Zeilen erscheinen ohne Namen.',
  filter: 'Zeilen',
  notEnrolled: 'Nicht erfasst',
  all: 'Alle',
  save: 'Diese Zeilen als CSV speichern',
  more: 'Weitere Zeilen zeigen',
  row: 'Zeile',
  number: 'Nummer',
  name: 'Name',
  result: 'Ergebnis',
  reason: 'Grund',
  decide: 'Entscheiden',
  decideTitle: 'Ist das dieselbe Person?',
  decideText: 'Vergleichen Sie die Bilder. Ihre Entscheidung wird aufgezeichnet.',
  ofRow: 'Bild von Zeile {row}',
  ofSubject: 'Gespeichertes Bild von {id}',
  grounds: 'Worauf die Entscheidung beruht',
  different: 'Eine andere Person: erfassen',
  same: 'Dieselbe Person: zu {id} hinzufügen',
  dismiss: 'Auslassen',
  dismissSure: 'Endgültig auslassen?',
  nobody: 'In der Galerie sieht dieser Person niemand mehr ähnlich.',
  close: 'Schließen',
  outcomes: {
    enrolled: 'Erfasst',
    added: 'Einer Person hinzugefügt',
    skipped: 'War schon da',
    suspected: 'Zu entscheiden',
    dismissed: 'Ausgelassen',
    refused: 'Abgelehnt',
  },
  groundsOf: {
    pictures: 'Die Bilder',
    documents: 'Dokumente',
    relatives: 'Sie sind verwandt',
    knownInPerson: 'Persönlich bekannt',
    other: 'Etwas anderes',
  },
}

const fr: BulkText = {
  title: 'Importer des personnes',
  subtitle: 'Enrôle les personnes d’un dossier de photos ou d’une liste. La station reste utilisable pendant ce temps.',
  source: 'Dossier ou liste sur cette machine',
  sourceHint: 'Un dossier contenant un dossier de photos par personne, ou une liste CSV avec les colonnes numéro et photo.',
  duplicates: 'Une personne qui ressemble à quelqu’un de la galerie',
  ask: 'est soumise à décision',
  refuse: 'est refusée',
  start: 'Importer',
  unread: 'Colonnes non lues : {columns}',
  report: 'Résultat',
  none: 'Rien n’a encore été importé.',
  notReadable: 'Le dossier ou la liste n’est plus là, ou a changé : les lignes sont affichées sans nom.',
  filter: 'Lignes',
  notEnrolled: 'Non enrôlées',
  all: 'Toutes',
  save: 'Enregistrer ces lignes en CSV',
  more: 'Afficher plus de lignes',
  row: 'Ligne',
  number: 'Numéro',
  name: 'Nom',
  result: 'Résultat',
  reason: 'Motif',
  decide: 'Décider',
  decideTitle: 'Est-ce la même personne ?',
  decideText: 'Comparez les photos. Votre décision est consignée.',
  ofRow: 'Photo de la ligne {row}',
  ofSubject: 'Photo conservée de {id}',
  grounds: 'Ce qui fonde la décision',
  different: 'Une autre personne : enrôler',
  same: 'La même personne : ajouter à {id}',
  dismiss: 'Laisser de côté',
  dismissSure: 'Laisser de côté définitivement ?',
  nobody: 'Plus personne dans la galerie ne ressemble à cette personne.',
  close: 'Fermer',
  outcomes: {
    enrolled: 'Enrôlée',
    added: 'Ajoutée à une personne',
    skipped: 'Déjà présente',
    suspected: 'À décider',
    dismissed: 'Laissée de côté',
    refused: 'Refusée',
  },
  groundsOf: {
    pictures: 'Les photos',
    documents: 'Des documents',
    relatives: 'Un lien de parenté',
    knownInPerson: 'Personne connue',
    other: 'Autre chose',
  },
}

const ar: BulkText = {
  title: 'استيراد أشخاص',
  subtitle: 'تسجيل أشخاص من مجلد صور أو من قائمة. تبقى المحطة قيد الاستخدام أثناء ذلك.',
  source: 'مجلد أو قائمة على هذا الجهاز',
  sourceHint: 'مجلد فيه مجلد صور لكل شخص، أو قائمة CSV فيها عمودا الرقم والصورة.',
  duplicates: 'من يشبه شخصًا في المعرض',
  ask: 'يُترك للقرار',
  refuse: 'يُرفض',
  start: 'استيراد',
  unread: 'أعمدة لم تُقرأ: {columns}',
  report: 'النتيجة',
  none: 'لم يُستورد شيء بعد.',
  notReadable: 'لم يعد المجلد أو القائمة موجودًا أو تغيّر: تُعرض الصفوف بلا أسماء.',
  filter: 'الصفوف',
  notEnrolled: 'غير المسجلة',
  all: 'الكل',
  save: 'حفظ هذه الصفوف بصيغة CSV',
  more: 'عرض صفوف أخرى',
  row: 'الصف',
  number: 'الرقم',
  name: 'الاسم',
  result: 'النتيجة',
  reason: 'السبب',
  decide: 'اتخاذ قرار',
  decideTitle: 'هل هذا هو الشخص نفسه؟',
  decideText: 'قارن الصور. يُسجَّل قرارك.',
  ofRow: 'صورة الصف {row}',
  ofSubject: 'الصورة المحفوظة لـ {id}',
  grounds: 'ما يستند إليه القرار',
  different: 'شخص آخر: تسجيل',
  same: 'الشخص نفسه: إضافة إلى {id}',
  dismiss: 'استبعاد',
  dismissSure: 'استبعاد نهائي؟',
  nobody: 'لم يعد أحد في المعرض يشبه هذا الشخص.',
  close: 'إغلاق',
  outcomes: {
    enrolled: 'مسجَّل',
    added: 'أضيف إلى شخص',
    skipped: 'كان موجودًا',
    suspected: 'بانتظار القرار',
    dismissed: 'مستبعَد',
    refused: 'مرفوض',
  },
  groundsOf: { pictures: 'الصور', documents: 'وثائق', relatives: 'صلة قرابة', knownInPerson: 'معروف شخصيًا', other: 'شيء آخر' },
}

export const bulkTexts = { en, de, fr, ar } as const
