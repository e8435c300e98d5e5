import type { ErrorWords } from '../errorWords.ts'

/** Refusals of enrolment, the inbox, import, keys and model packs, in French. */
export const frWorkErrors: ErrorWords = {
  'picture.missing': ['Le fichier de la photo n’existe pas.', 'Vérifiez le chemin et l’orthographe du nom.'],
  'picture.notAFile': ['Le chemin de la photo désigne un dossier ou un périphérique.', 'Indiquez un seul fichier.'],
  'capture.simulatedRefused': ['Une caméra simulée ne peut pas alimenter un vrai coffre.', 'Branchez une caméra.'],
  'duplicate.found': [
    'Quelqu’un dans la galerie ressemble à cette personne.',
    'Comparez les photos ; n’enrôlez que s’il s’agit de deux personnes.',
  ],
  'subject.exists': ['Une personne a déjà ce numéro.', 'Consultez cette personne ; donnez un autre numéro à la nouvelle.'],
  'subject.exception': [
    'Cette personne est enrôlée par exception : il n’y a pas de visage à comparer.',
    'Vérifiez le document et le motif ; si une photo est possible maintenant, enrôlez-la sous le même numéro.',
  ],
  'subject.notException': ['Cette personne n’est pas enrôlée par exception.', 'Consultez-la : elle a une référence.'],
  'form.refused': ['Le formulaire n’est pas rempli comme le site le demande.', 'Corrigez le champ indiqué.'],
  'form.changed': ['Le formulaire a changé pendant la saisie.', 'Relisez les champs.'],
  'form.unknown': ['Aucun formulaire n’a cette version.', 'Consultez le formulaire en vigueur.'],
  'draft.unknown': [
    'Cet enrôlement inachevé n’existe pas ou n’est pas à vous.',
    'Rafraîchissez la liste : il a pu être terminé, abandonné ou expirer.',
  ],
  'draft.tooMany': [
    'Il y a trop d’enrôlements inachevés.',
    'Terminez-en ou abandonnez-en ; les superviseurs décident de ceux qui attendent.',
  ],
  'exception.proofMissing': ['Le site demande une photo qui justifie l’exception.', 'Photographiez le document et ajoutez-le.'],
  'duplicate.none': ['Personne dans la galerie ne lui ressemble : il n’y a rien à décider.', 'Enrôlez la personne.'],
  'inbox.ownItem': ['Nul ne décide d’un cas qu’il a lui-même laissé à un superviseur.', 'Demandez à un autre superviseur.'],
  'inbox.decisionRefused': ['Ce cas ne peut pas être décidé ainsi.', 'Choisissez parmi ce qui est indiqué.'],
  'inbox.newCandidates': [
    'Entre-temps, une autre personne ressemblante a été enrôlée.',
    'Rouvrez le cas, comparez aussi les nouvelles photos, puis décidez.',
  ],
  'vault.missing': ['Il n’y a pas de coffre dans le dossier de données.', 'Créez un coffre.'],
  'vault.exists': ['Le dossier de données contient déjà un coffre.', 'Ouvrez le coffre existant.'],
  'vault.tooNew': ['Une version plus récente a écrit ce coffre.', 'Installez cette version ou une plus récente.'],
  'vault.kindRefused': [
    'Ce n’est pas permis pour un coffre de ce type.',
    'Les données de démo vont dans un coffre de démo, les vraies dans un vrai.',
  ],
  'key.missing': [
    'Le trousseau n’a pas de clé pour ce coffre.',
    'Ouvrez la session de la personne qui l’a créé, ou utilisez la clé de secours. Aucune nouvelle clé ne remplace l’ancienne.',
  ],
  'recovery.none': ['Ce coffre n’a pas de clé de secours.', 'Ouvrez-le avec sa clé.'],
  'recovery.mistyped': [
    'Ce n’est pas une clé de secours : un caractère est faux ou manque.',
    'Saisissez les 14 groupes de quatre tels qu’ils sont écrits.',
  ],
  'recovery.wrong': ['La clé de secours n’ouvre pas ce coffre.', 'Utilisez la dernière émise : elle annule les précédentes.'],
  'job.unknown': ['Cette tâche n’existe pas.', 'Les tâches sont dans Coffre.'],
  'certificate.unknown': ['Aucun effacement ne correspond à cet enregistrement.', 'Consultez les effacements dans le journal.'],
  'import.sourceUnreadable': [
    'Le dossier ou la liste à importer n’est pas lisible.',
    'Vérifiez le chemin et les droits ; indiquez un dossier de photos ou une liste CSV.',
  ],
  'import.listInvalid': [
    'La liste à importer est mal formée.',
    'Enregistrez-la en CSV UTF-8, avec une première ligne qui nomme les colonnes number et picture, et corrigez ce qui est indiqué.',
  ],
  'import.empty': [
    'Il n’y a rien à importer.',
    'Indiquez un dossier avec un dossier par personne, ou des photos nommées par numéro, ou une liste avec des lignes.',
  ],
  'import.tooLarge': [
    'L’import dépasse la limite.',
    'Importez par parties : au plus 1 000 000 de lignes et 512 Mio pour une liste, ou 100 000 entrées d’un dossier.',
  ],
  'import.rowInvalid': [
    'Une valeur de la ligne est inutilisable.',
    'Corrigez ce qui est indiqué et réimportez : ce qui est enrôlé est alors ignoré.',
  ],
  'import.numberTaken': [
    'Ce numéro est déjà celui d’une autre ligne ou personne.',
    'Donnez à chacun son numéro ; les photos d’une personne vont dans un même dossier.',
  ],
  'import.pathOutside': [
    'La photo est un lien, ou son chemin sort du dossier.',
    'Copiez-la dans le dossier et indiquez un chemin qui y reste.',
  ],
  'import.suspected': ['Quelqu’un dans la galerie ressemble à cette personne.', 'Comparez les photos et décidez.'],
  'import.sourceChanged': [
    'Le dossier ou la liste a changé depuis l’import.',
    'Remettez-le en état et réessayez ; ou annulez et réimportez : ce qui est enrôlé est alors ignoré.',
  ],
  'import.rowUnknown': ['Aucune ligne de ce numéro n’attend de décision.', 'Consultez les lignes à décider.'],
  'evaluation.tooSmall': [
    'Il y a trop peu de photos.',
    'Prenez des photos de plus de personnes : 46 personnes, une photo chacune, font environ 1 000 paires différentes.',
  ],
  'model.missing': ['Un fichier de modèle du pack manque.', 'Importez de nouveau le pack.'],
  'model.invalid': ['Un fichier de modèle n’est pas celui que nomme son manifeste.', 'Importez de nouveau le pack.'],
  'model.loadFailed': ['Le modèle n’a pas pu être chargé.', 'Vérifiez la mémoire libre ; importez de nouveau le pack.'],
  'model.unknown': ['Aucun pack de modèles n’a cet identifiant.', 'Consultez la liste des packs.'],
  'model.unsupported': [
    'Le modèle utilise un élément qui n’est pas accepté.',
    'Faites-le exporter avec des opérateurs ONNX standard, des formes fixes et les poids dans le fichier.',
  ],
  'model.weightsInvalid': [
    'Des poids du modèle ne sont pas des nombres finis, ou ne remplissent pas leurs dimensions.',
    'Demandez un pack sain à son auteur.',
  ],
  'model.selfTestFailed': [
    'Le pack ne trouve ou ne compare pas un visage dessiné comme il le devrait.',
    'Comparez famille, entrée et alignement du manifeste à la description du modèle.',
  ],
  'model.referencesMissing': [
    'Des personnes n’ont pas encore de référence de ce modèle et ne seraient pas trouvées.',
    'Créez d’abord leurs références ; ou acceptez de les enrôler de nouveau.',
  ],
  'model.active': ['Ce pack est en service.', 'Mettez-en d’abord un autre en service.'],
  'pack.unreadable': [
    'Ce n’est pas un pack de modèles, ou il est endommagé.',
    'Indiquez un fichier zip ou un dossier avec manifest.json ; recopiez-le.',
  ],
  'pack.unsafe': [
    'Le pack sort de lui-même ou cache quelque chose.',
    'Ne l’utilisez pas ; interrogez son auteur. Un pack ne contient que des fichiers simples, tous nommés dans son manifeste.',
  ],
  'pack.tooLarge': ['Le pack dépasse la limite.', 'Un pack a au plus 32 fichiers, 512 Mio par modèle et 1 Gio au total.'],
  'pack.untrusted': [
    'Aucune clé de confiance n’a signé ce pack.',
    'Si vous en connaissez la provenance, cochez la case qui le dit et vérifiez-le de nouveau.',
  ],
  'pack.exists': ['Un pack de cet identifiant est déjà là.', 'Retirez-le d’abord, ou faites donner un autre identifiant au nouveau.'],
  'pack.checkFailed': [
    'La vérification du pack a pris plus de mémoire ou de temps que permis, ou s’est interrompue.',
    'Ne l’utilisez pas ; si vous lui faites confiance, fermez d’autres programmes et réessayez.',
  ],
  'pack.builtIn': ['Ce pack est venu avec le programme.', 'Il reste ; choisissez un pack importé.'],
  'signIn.pinOperatorsOnly': [
    'Un code PIN est réservé aux agents ; tout autre rôle demande un mot de passe.',
    'Demandez à un administrateur de donner un mot de passe au compte.',
  ],
  'operator.unknown': ['Aucun compte n’a ce nom.', 'Vérifiez le nom ; les comptes sont dans Comptes.'],
  'operator.firstAdministrator': [
    'Le premier compte doit être celui d’un administrateur.',
    'Ajoutez d’abord un administrateur, puis les autres.',
  ],
  'request.tooLarge': ['La demande dépasse la limite.', 'Envoyez moins de photos ou des photos plus petites.'],
  'resource.exhausted': ['L’ordinateur n’a pas assez de mémoire pour cela.', 'Fermez d’autres programmes et réessayez.'],
}
