import type { enRights } from './en.ts'

/** Limitation du traitement et rectification, en français. */
export const frRights: typeof enRights = {
  restriction: {
    restrict: 'Limiter…',
    lift: 'Lever la limitation…',
    since: 'Traitement limité depuis le {date}',
    sinceBy: 'Traitement limité depuis le {date} par {name}',
    unused: 'Ce qui est conservé le reste et n’est pas utilisé : aucune recherche ne trouve cette personne, personne ne lui est comparé.',
    why: 'Motif',
    restrictTitle: 'Limiter le traitement de {id} ?',
    stops: 'Ce qui s’arrête',
    stopsText: 'Vérifier, identifier, chercher les doublons, reprendre une photo, changer de version et montrer les images.',
    stays: 'Ce qui reste',
    staysText: 'Tout ce qui est conservé. On peut toujours le rectifier, l’enregistrer pour la personne et l’effacer.',
    liftTitle: 'Lever la limitation de {id} ?',
    liftText: 'La personne est de nouveau vérifiée et trouvée, comme avant la limitation.',
    liftLaw: 'La loi veut que la personne en soit informée auparavant (RGPD, article 18).',
    reasonHelp: 'Au moins {n} caractères. Conservé scellé avec la personne ; le journal ne le contient pas.',
    restrictButton: 'Limiter',
    liftButton: 'Lever la limitation',
    cancel: 'Laisser ainsi',
    restricted: 'Le traitement de {id} est limité.',
    lifted: 'La limitation de {id} est levée.',
    undo: 'Annuler',
    undoReason: 'Limité par erreur, annulé aussitôt.',
    noPicture: 'Les images ne sont pas montrées tant que le traitement est limité.',
  },
  correction: {
    open: 'Rectifier les données…',
    title: 'Rectifier les données de {id}',
    help: 'Le numéro reste. Le journal dit quels champs ont été rectifiés, pas ce qu’ils contiennent.',
    button: 'Enregistrer la rectification',
    cancel: 'Abandonner',
    done: 'Rectifié : {fields}.',
  },
}
