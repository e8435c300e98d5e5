import { frAccounts } from './accounts/fr.ts'
import { frAudit } from './audit/fr.ts'
import { frBulk } from './bulk/fr.ts'
import { frCapture } from './capture/fr.ts'
import { frClients } from './clients/fr.ts'
import { frComparison } from './comparison/fr.ts'
import type { Catalogue } from './en.ts'
import { frEnrol } from './enrol/fr.ts'
import { frHealth } from './health/fr.ts'
import { frIntake } from './intake/fr.ts'
import { frModels } from './models/fr.ts'
import { frRights } from './rights/fr.ts'
import { frSettings } from './settings/fr.ts'
import { frSetUp } from './setup/fr.ts'
import { frSubjects } from './subjects/fr.ts'
import { frVault } from './vault/fr.ts'

/** Every sentence of the window, in French. */
export const fr: Catalogue = {
  ...frCapture,
  ...frEnrol,
  ...frIntake,
  ...frComparison,
  ...frSubjects,
  ...frRights,
  ...frBulk,
  ...frModels,
  ...frClients,
  ...frAudit,
  ...frHealth,
  ...frSettings,
  ...frSetUp,
  ...frVault,
  ...frAccounts,
  language: 'fr',
  direction: 'ltr',
  product: 'Vultus Station',
  demoMark: 'Démo : personnes dessinées, rien de réel',
  hidden: 'Masqué',
  areas: {
    navigation: 'Rubriques',
    enrol: 'Enrôler',
    verify: 'Vérifier',
    identify: 'Identifier',
    subjects: 'Personnes',
    import: 'Import',
    vault: 'Coffre',
    accounts: 'Comptes',
    audit: 'Journal',
    health: 'État',
    settings: 'Réglages',
    inbox: 'À décider',
  },
  title: {
    vaultReal: 'Coffre ouvert',
    vaultDemo: 'Coffre de démo',
    hide: 'Masquer les détails',
    show: 'Montrer les détails',
    camera: {
      off: 'Caméra éteinte',
      starting: 'La caméra démarre',
      ready: 'Caméra prête',
      simulated: 'Personne dessinée',
      trouble: 'Pas de caméra',
    },
  },
  keys: {
    title: 'Touches',
    close: 'Fermer',
    everywhere: 'Partout',
    area: 'Dans une rubrique',
    enrol: 'Enrôler',
    verify: 'Vérifier',
    identify: 'Identifier',
    capture: 'Prendre la photo',
    main: 'Action principale',
    back: 'Retour',
    clear: 'Vider',
    mesh: 'Tracé',
    auto: 'Prise automatique',
    movements: 'Demander des mouvements',
    hide: 'Masquer les détails',
    lock: 'Verrouiller',
    all: 'Touches',
    commands: 'Toutes les commandes',
    search: 'Chercher',
    file: 'Utiliser un fichier image',
    second: 'Deuxième action',
    removeShot: 'Retirer la dernière photo',
    choose: 'Choisir',
  },
  office: {
    loading: 'Un instant',
    again: 'Redemander',
  },
  link: {
    connecting: 'Connexion au poste',
    lost: 'La liaison avec le poste est perdue',
    again: 'Nouvelle connexion. Rien d’enregistré n’est perdu.',
  },
  health: {
    parts: { face: 'La partie qui regarde les images', matcher: 'La partie qui cherche dans la galerie' },
    restarting: '{part} est tombée et redémarre. Rien d’enregistré n’est perdu.',
    failed: '{part} ne démarre pas. Redémarrez le poste ; rien d’enregistré n’est perdu.',
  },
  refusal: { dismiss: 'Fermer ce message' },
}
