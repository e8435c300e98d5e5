import type { enClients } from './en.ts'

/** Programs that have a key, in French. */
export const frClients: typeof enClients = {
  clients: {
    title: 'Programmes',
    subtitle: 'Les programmes qui utilisent l’interface de cette station, chacun avec sa propre clé pour ce qu’il peut faire.',
    none: 'Aucun programme n’a de clé.',
    add: 'Ajouter un programme',
    name: 'Nom du programme',
    may: 'Il peut',
    make: 'Créer une clé',
    permissions: {
      pictures: 'trouver des visages et calculer des gabarits à partir de photos',
      compare: 'comparer des gabarits entre eux',
      templates: 'enregistrer, lire et rechercher des gabarits conservés',
      enrol: 'enrôler',
      verify: 'vérifier',
      identify: 'identifier',
      subjects: 'lire qui est enrôlé',
    },
    given: 'La clé de {name}',
    givenText:
      'Enregistrez-la maintenant dans le programme : elle n’est affichée qu’une fois et n’est conservée nulle part. Le programme l’envoie comme jeton bearer.',
    copy: 'Copier',
    copied: 'Copiée',
    stored: 'Elle est enregistrée',
    neverUsed: 'jamais utilisée',
    lastUsed: 'dernière utilisation {time}',
    revoke: 'Retirer la clé',
    revokeSure: 'La retirer définitivement ? {name} sera refusé dès lors.',
    revoked: 'retirée {time}',
  },
}
