import { both, type QualityWords } from './words.ts'

/** What is told of the quality of a picture, in French. */
export const frQuality: QualityWords = {
  backgroundUniformity: both('Fond uni', 'Placez-vous devant un fond uni et vide.'),
  illuminationUniformity: both('Lumière égale', 'Éclairez également les deux côtés du visage.'),
  luminanceMean: { name: 'Luminosité', low: 'Éclairez davantage le visage.', high: 'Baissez la lumière.' },
  luminanceVariance: { name: 'Contraste', low: 'Évitez une lumière plate ou faible.', high: 'Adoucissez la lumière.' },
  underExposure: both('Parties sombres', 'Éclairez davantage le visage.'),
  overExposure: both('Reflets', 'Baissez la lumière ; évitez les reflets.'),
  dynamicRange: both('Étendue des tons', 'Améliorez la lumière ; nettoyez l’objectif.'),
  sharpness: both('Netteté', 'Ne bougez plus ; vérifiez la mise au point.'),
  naturalColour: both('Couleur naturelle', 'Supprimez la lumière colorée ; réglez la balance des blancs.'),
  singleFace: both('Une seule personne', 'Une seule personne sur l’image.'),
  eyesOpen: both('Yeux ouverts', 'Ouvrez les deux yeux et regardez devant vous.'),
  mouthClosed: both('Bouche fermée', 'Fermez la bouche, lèvres détendues.'),
  interEyeDistance: both('Taille du visage', 'Approchez-vous de la caméra.'),
  headSize: { name: 'Distance à la caméra', low: 'Approchez-vous de la caméra.', high: 'Reculez un peu.' },
  leftwardCrop: both('Place à gauche', 'Allez un peu vers votre gauche.'),
  rightwardCrop: both('Place à droite', 'Allez un peu vers votre droite.'),
  marginAbove: both('Place au-dessus', 'Laissez plus de place au-dessus de la tête.'),
  marginBelow: both('Place au-dessous', 'Montrez davantage sous le menton.'),
  yaw: { name: 'Tête tournée', low: 'Tournez un peu la tête vers votre gauche.', high: 'Tournez un peu la tête vers votre droite.' },
  pitch: { name: 'Menton levé ou baissé', low: 'Baissez un peu le menton.', high: 'Levez un peu le menton.' },
  roll: { name: 'Tête penchée', low: 'Penchez la tête vers votre droite.', high: 'Penchez la tête vers votre gauche.' },
}
