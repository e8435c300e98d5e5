import { frEvents } from '../events/fr.ts'
import { plural } from '../plural.ts'
import type { enAudit } from './en.ts'

/** Audit: what happened, by whom, and whether the chain is whole, in French. */
export const frAudit: typeof enAudit = {
  events: frEvents,
  audit: {
    title: 'Journal',
    subtitle:
      'Chaque changement, chaque regard sur des données personnelles, chaque refus. La chaîne ne nomme personne : elle garde des identifiants aléatoires. Les noms sont recherchés à la lecture.',
    event: 'Événement',
    doors: { ipc: 'fenêtre', socket: 'fenêtre du navigateur', rest: 'points de service', command: 'ligne de commande' },
    otherRoles: { client: 'Programme', nobody: 'Personne' },
    unknown: { account: 'compte inconnu {id}', program: 'programme inconnu {id}' },
    service: 'par le service de {name}',
    code: 'Code',
    role: 'Rôle',
    door: 'Accès',
    table: 'Enregistrer en tableau',
    outcome: 'Issue',
    any: 'toutes',
    outcomes: { done: 'fait', refused: 'refusé', failed: 'échoué' },
    from: 'À partir du',
    to: 'Avant le',
    none: 'Aucune ligne de ce genre.',
    older: 'Lignes plus anciennes',
    number: 'N°',
    time: 'Heure',
    who: 'Qui',
    subject: 'Personne',
    details: 'Détails',
    verify: 'Vérifier la chaîne',
    verifying: 'Chaque ligne est vérifiée. Le poste reste utilisable.',
    ok: 'Les {n} lignes et les {checkpoints} points de contrôle sont justes.',
    bad: 'La chaîne est rompue.',
    firstBad: 'La première ligne fausse ou manquante est la n° {n}.',
    badCheckpoint: 'Le point de contrôle sur {n} lignes est faux ou manque.',
    contradicting: 'Ce qui est ancré hors du coffre le contredit : des lignes ont été coupées ou remplacées.',
    badRemedy: 'Laissez le dossier de données tel quel et appelez le délégué à la protection des données.',
    unanchored: '{n} lignes sont plus récentes que le dernier point de contrôle ancré.',
    fingerprint: 'Empreinte du poste',
    export: 'Exporter',
    exporting: plural({ one: '{n} ligne', many: '{n} de lignes', other: '{n} lignes' }),
    exported: plural({
      one: '{n} ligne enregistrée sous {file}.',
      many: '{n} de lignes enregistrées sous {file}.',
      other: '{n} lignes enregistrées sous {file}.',
    }),
    certificate: 'Certificat',
    certificateOf: 'Certificat de l’effacement de la ligne {n}',
  },
}
