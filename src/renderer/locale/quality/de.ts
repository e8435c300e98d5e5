import { both, type QualityWords } from './words.ts'

/** What is told of the quality of a picture, in German. */
export const deQuality: QualityWords = {
  backgroundUniformity: both('Ruhiger Hintergrund', 'Vor einen einfarbigen, leeren Hintergrund setzen.'),
  illuminationUniformity: both('Gleichmäßiges Licht', 'Beide Seiten des Gesichts gleich beleuchten.'),
  luminanceMean: { name: 'Helligkeit', low: 'Mehr Licht auf das Gesicht.', high: 'Weniger Licht.' },
  luminanceVariance: { name: 'Kontrast', low: 'Flaches oder trübes Licht vermeiden.', high: 'Das Licht weicher machen.' },
  underExposure: both('Dunkle Stellen', 'Mehr Licht auf das Gesicht.'),
  overExposure: both('Überstrahlung', 'Weniger Licht; Spiegelungen vermeiden.'),
  dynamicRange: both('Tonumfang', 'Das Licht verbessern; die Linse reinigen.'),
  sharpness: both('Schärfe', 'Stillhalten; den Fokus prüfen.'),
  naturalColour: both('Natürliche Farbe', 'Farbiges Licht ausschalten; den Weißabgleich einstellen.'),
  singleFace: both('Nur eine Person', 'Nur eine Person im Bild.'),
  eyesOpen: both('Augen offen', 'Beide Augen öffnen und geradeaus sehen.'),
  mouthClosed: both('Mund geschlossen', 'Den Mund schließen, die Lippen locker.'),
  interEyeDistance: both('Größe des Gesichts', 'Näher an die Kamera rücken.'),
  headSize: { name: 'Abstand zur Kamera', low: 'Näher an die Kamera rücken.', high: 'Etwas zurückrücken.' },
  leftwardCrop: both('Platz links', 'Etwas nach links rücken.'),
  rightwardCrop: both('Platz rechts', 'Etwas nach rechts rücken.'),
  marginAbove: both('Platz oben', 'Mehr Platz über dem Kopf lassen.'),
  marginBelow: both('Platz unten', 'Mehr unter dem Kinn zeigen.'),
  yaw: { name: 'Gedreht', low: 'Den Kopf etwas nach links drehen.', high: 'Den Kopf etwas nach rechts drehen.' },
  pitch: { name: 'Gehoben oder gesenkt', low: 'Das Kinn etwas senken.', high: 'Das Kinn etwas heben.' },
  roll: { name: 'Geneigt', low: 'Den Kopf nach rechts neigen.', high: 'Den Kopf nach links neigen.' },
}
