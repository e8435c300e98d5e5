import type { ErrorWords } from '../errorWords.ts'

/** Refusals of pictures, subjects and imports, in French. */
export const frPeopleErrors: ErrorWords = {
  'picture.missing': ['Le fichier de la photo n’existe pas.', 'Vérifiez le chemin et l’orthographe du nom.'],
  'picture.notAFile': ['Le chemin de la photo désigne un dossier ou un périphérique.', 'Indiquez un seul fichier.'],
  'picture.unreadable': ['Le fichier image ne peut être lu.', 'Vérifiez les droits du fichier et son disque.'],
  'picture.empty': ['L’image est vide.', 'Copiez l’image à nouveau ; le fichier a 0 octet.'],
  'picture.undecodable': ['L’image est abîmée ou n’en est pas une.', 'Ouvrez-la dans une visionneuse ; enregistrez-la en JPEG ou PNG.'],
  'picture.truncated': ['L’image s’arrête trop tôt.', 'Copiez ou téléchargez l’image à nouveau.'],
  'picture.unsupported': ['Ce type de fichier n’est pas accepté comme image.', 'Utilisez JPEG, PNG, WebP, TIFF ou un GIF fixe.'],
  'picture.animated': ['L’image a plus d’une vue ou page.', 'Enregistrez à part la vue voulue.'],
  'picture.tooLarge': ['L’image dépasse la limite.', 'Réduisez-la à 64 mégapixels et 64 Mio au plus.'],
  'picture.tooSmall': ['L’image est trop petite pour un visage utilisable.', 'Utilisez une image d’au moins 32 sur 32 pixels.'],
  'face.none': ['Aucun visage trouvé dans l’image.', 'Utilisez une image où un visage est grand, net et bien éclairé.'],
  'face.ambiguous': ['Deux visages pourraient être le bon.', 'Prenez la photo avec une seule personne, ou recadrez-la.'],
  'face.alignmentFailed': ['Les repères du visage n’ont pu être placés.', 'Utilisez une image où tout le visage regarde la caméra.'],
  'capture.unknown': ['Cette photo n’existe pas ou a expiré.', 'Reprenez la photo de la personne.'],
  'capture.sessionUnknown': ['Cette session de caméra n’est pas ouverte.', 'Ouvrez la caméra à nouveau.'],
  'capture.notReady': [
    'La caméra n’a pas encore vu de visage utilisable.',
    'Demandez à la personne de regarder la caméra, puis reprenez la photo.',
  ],
  'capture.virtualCamera': [
    'C’est une caméra virtuelle, et ce poste ne les autorise pas.',
    'Choisissez une vraie caméra, ou demandez à un administrateur d’autoriser les caméras virtuelles.',
  ],
  'quality.refused': [
    'L’image n’atteint pas la qualité demandée.',
    'Reprenez la photo selon le point le plus faible, ou choisissez une autre exigence.',
  ],
  'capture.simulatedRefused': ['Une caméra simulée ne peut pas alimenter un vrai coffre.', 'Branchez une caméra.'],
  'duplicate.found': [
    'Quelqu’un dans la galerie ressemble à cette personne.',
    'Comparez les photos ; n’enrôlez que s’il s’agit de deux personnes.',
  ],
  'consent.required': [
    'Il n’y a pas de consentement au texte en vigueur.',
    'Demandez avec le texte le plus récent ; rien n’a été enregistré.',
  ],
  'consent.unknown': ['Aucun texte de consentement n’a cette version.', 'Regardez le texte en vigueur.'],
  'subject.unknown': ['Personne n’a ce numéro.', 'Vérifiez le numéro avec la personne.'],
  'subject.restricted': [
    'Le traitement de cette personne est limité : ce qui est conservé le reste et n’est pas utilisé.',
    'N’utilisez rien. Le motif disparu, un superviseur informe la personne et lève la limitation.',
  ],
  'subject.notRestricted': [
    'Le traitement de cette personne n’est pas limité.',
    'Ouvrez la personne à nouveau : la limitation est déjà levée.',
  ],
  'subject.changed': [
    'Quelqu’un a modifié cette personne depuis qu’elle est affichée.',
    'Ouvrez-la à nouveau et rectifiez ce qui est encore faux.',
  ],
  'search.tooShort': ['C’est trop peu pour chercher.', 'Saisissez au moins 3 caractères d’un nom ou d’un numéro, ou le numéro entier.'],
  'subject.noReference': ['La personne n’a pas de référence du modèle actif.', 'Enrôlez-la à nouveau avec une nouvelle photo.'],
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
  'reference.unknown': ['La personne n’a pas de références de cette version.', 'Regardez les versions de la personne.'],
  'reference.active': ['Cette version est en usage.', 'Nommez une version remplacée ; pour tout détruire, effacez la personne.'],
  'gallery.notReady': ['La galerie se charge encore.', 'Attendez quelques secondes, puis réessayez.'],
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
}
