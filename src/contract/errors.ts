/**
 * The one error table. Every refusal that can leave Vultus by any door is a row here, with a stable code,
 * an HTTP status, a command line exit code, a plain message and a remedy that the reader can act upon.
 */

/** Exit codes of the command line, by meaning. */
export const exitCodes = {
  done: 0,
  notMatched: 1,
  usage: 2,
  picture: 3,
  vault: 4,
  internal: 5,
  notFound: 6,
  duplicate: 7,
  notPermitted: 8,
} as const

interface ErrorRow {
  /** HTTP status of the REST door. */
  readonly status: number
  /** Exit code of the command line. */
  readonly exit: number
  /** What happened, for a person. */
  readonly message: string
  /** What that person can do about it. */
  readonly remedy: string
}

const { usage, picture, vault, internal, notFound, duplicate, notPermitted } = exitCodes

export const errorTable = {
  'picture.missing': {
    status: 400,
    exit: picture,
    message: 'The picture file does not exist.',
    remedy: 'Check the path and the spelling of the file name.',
  },
  'picture.notAFile': {
    status: 400,
    exit: picture,
    message: 'The path of the picture names a folder or a device.',
    remedy: 'Name a single picture file.',
  },
  'picture.unreadable': {
    status: 400,
    exit: picture,
    message: 'The picture file cannot be read.',
    remedy: 'Check the permissions of the file and the disk it is on.',
  },
  'picture.empty': {
    status: 400,
    exit: picture,
    message: 'The picture has no content.',
    remedy: 'Copy the picture again; the file has 0 bytes.',
  },
  'picture.undecodable': {
    status: 400,
    exit: picture,
    message: 'The picture is damaged or not a picture.',
    remedy: 'Open it in a viewer; export it again as JPEG or PNG.',
  },
  'picture.truncated': {
    status: 400,
    exit: picture,
    message: 'The picture ends too early.',
    remedy: 'Copy or download the picture again.',
  },
  'picture.unsupported': {
    status: 415,
    exit: picture,
    message: 'This kind of file is not accepted as a picture.',
    remedy: 'Use JPEG, PNG, WebP, TIFF or a still GIF.',
  },
  'picture.animated': {
    status: 415,
    exit: picture,
    message: 'The picture has more than one frame or page.',
    remedy: 'Save the one frame that is meant as a picture of its own.',
  },
  'picture.tooLarge': {
    status: 413,
    exit: picture,
    message: 'The picture is larger than the limit.',
    remedy: 'Scale it down to at most 64 megapixels and 64 MiB.',
  },
  'picture.tooSmall': {
    status: 400,
    exit: picture,
    message: 'The picture is too small to hold a usable face.',
    remedy: 'Use a picture of at least 32 by 32 pixels.',
  },
  'face.none': {
    status: 422,
    exit: picture,
    message: 'No face was found in the picture.',
    remedy: 'Use a picture in which one face is large, sharp and well lit.',
  },
  'face.ambiguous': {
    status: 422,
    exit: picture,
    message: 'Two faces could both be the subject.',
    remedy: 'Take the picture with one person only, or crop it to the subject.',
  },
  'face.alignmentFailed': {
    status: 422,
    exit: picture,
    message: 'The landmarks of the face could not be placed.',
    remedy: 'Use a picture in which the whole face looks towards the camera.',
  },
  'capture.unknown': {
    status: 404,
    exit: notFound,
    message: 'This capture does not exist or has expired.',
    remedy: 'Capture the face again.',
  },
  'capture.sessionUnknown': { status: 404, exit: notFound, message: 'This capture session is not open.', remedy: 'Open the camera again.' },
  'capture.notReady': {
    status: 409,
    exit: picture,
    message: 'No usable face has been seen by the camera yet.',
    remedy: 'Ask the subject to face the camera, then capture again.',
  },
  'capture.virtualCamera': {
    status: 403,
    exit: notPermitted,
    message: 'This is a virtual camera, and this station does not allow them.',
    remedy: 'Choose a camera that is a device, or ask an administrator to allow virtual cameras.',
  },
  'quality.refused': {
    status: 422,
    exit: picture,
    message: 'The picture does not meet the quality that was asked for.',
    remedy: 'Take the picture again as the worst component says, or choose another preset.',
  },
  'capture.simulatedRefused': {
    status: 403,
    exit: notPermitted,
    message: 'A simulated camera cannot feed a real vault.',
    remedy: 'Connect a camera, or start the demo with: npm start -- --demo',
  },
  'duplicate.found': {
    status: 409,
    exit: duplicate,
    message: 'Somebody in the gallery looks like this subject.',
    remedy: 'Compare the candidates; enrol with "allow duplicate" only if they are different people.',
  },
  'consent.required': {
    status: 409,
    exit: usage,
    message: 'There is no consent to the text in force.',
    remedy: 'Show the newest text to the subject and record the answer; nothing was stored.',
  },
  'consent.unknown': {
    status: 404,
    exit: notFound,
    message: 'No text for consent has this version.',
    remedy: 'Show the text in force with: vultus consent text',
  },
  'subject.unknown': {
    status: 404,
    exit: notFound,
    message: 'No subject has this id.',
    remedy: 'Check the id; list the subjects with: vultus subjects',
  },
  'subject.restricted': {
    status: 409,
    exit: notPermitted,
    message: 'The processing of this subject is restricted: what is stored is kept and not used.',
    remedy: 'Leave it unused. Once the reason is gone, a supervisor tells the subject and lifts it: vultus lift-restriction',
  },
  'subject.notRestricted': {
    status: 409,
    exit: usage,
    message: 'The processing of this subject is not restricted.',
    remedy: 'Show the subject: somebody has lifted the restriction already, or there was none.',
  },
  'subject.changed': {
    status: 409,
    exit: usage,
    message: 'Somebody has changed this subject since it was shown.',
    remedy: 'Show the subject again, and correct what is still wrong.',
  },
  'search.tooShort': {
    status: 400,
    exit: usage,
    message: 'There is too little to search for.',
    remedy: 'Type at least 3 characters of a name or of an id, or the whole id.',
  },
  'subject.noReference': {
    status: 409,
    exit: notFound,
    message: 'The subject has no reference made by the active model.',
    remedy: 'Enrol the subject again with a new picture.',
  },
  'subject.exists': {
    status: 409,
    exit: usage,
    message: 'A subject has this id already.',
    remedy: 'Look the subject up; give a new one another id.',
  },
  'subject.exception': {
    status: 409,
    exit: notFound,
    message: 'The subject was enrolled by exception: there is no face to compare with.',
    remedy:
      'Check the document and the reason that the subject was enrolled with; where a face can be captured now, enrol the same id with it.',
  },
  'subject.notException': {
    status: 409,
    exit: usage,
    message: 'The subject was not enrolled by exception.',
    remedy: 'Show the subject; it has a reference.',
  },
  'form.refused': {
    status: 422,
    exit: usage,
    message: 'The form is not filled in as the policy of the site asks.',
    remedy: 'Correct the field that the message names; show the form with: vultus policy form',
  },
  'form.changed': {
    status: 409,
    exit: usage,
    message: 'The form was changed while it was filled in.',
    remedy: 'Load the form again and look through the fields.',
  },
  'form.unknown': {
    status: 404,
    exit: notFound,
    message: 'There is no form policy of this version.',
    remedy: 'Leave the version out to see the one that holds now.',
  },
  'draft.unknown': {
    status: 404,
    exit: notFound,
    message: 'There is no such unfinished enrolment, or it is not yours.',
    remedy: 'List them again: it may have been completed, discarded, or removed after its time.',
  },
  'draft.tooMany': {
    status: 409,
    exit: usage,
    message: 'There are too many unfinished enrolments.',
    remedy: 'Complete some or discard them; supervisors decide on those that wait for them.',
  },
  'exception.proofMissing': {
    status: 422,
    exit: usage,
    message: 'The policy of the site wants a picture that proves the exception.',
    remedy: 'Take a picture of the document and add it.',
  },
  'duplicate.none': {
    status: 409,
    exit: usage,
    message: 'Nobody in the gallery looks like this subject, so that there is nothing to decide.',
    remedy: 'Enrol the subject.',
  },
  'inbox.ownItem': {
    status: 403,
    exit: notPermitted,
    message: 'Nobody decides on an enrolment that they left to a supervisor themselves.',
    remedy: 'Ask another supervisor.',
  },
  'inbox.decisionRefused': {
    status: 409,
    exit: usage,
    message: 'This cannot be decided so.',
    remedy: 'Choose what the message names.',
  },
  'inbox.newCandidates': {
    status: 409,
    exit: duplicate,
    message: 'Somebody else who looks like this subject has been enrolled meanwhile.',
    remedy: 'Open the item again, compare the new candidates too, and decide.',
  },
  'reference.unknown': {
    status: 404,
    exit: notFound,
    message: 'The subject has no references of this version.',
    remedy: 'List the versions of the subject.',
  },
  'reference.active': {
    status: 409,
    exit: usage,
    message: 'This version is active.',
    remedy: 'Name a version that another one has superseded; to destroy everything erase the subject.',
  },
  'template.unknown': { status: 404, exit: notFound, message: 'No stored template has this id.', remedy: 'Check the id.' },
  'template.idTaken': {
    status: 409,
    exit: usage,
    message: 'The id belongs to an enrolled subject.',
    remedy: 'Store the template under an id of its own.',
  },
  'template.invalid': {
    status: 400,
    exit: usage,
    message: 'The template does not fit the active model.',
    remedy: 'Send as many finite numbers as the dimension that GET /api/status names.',
  },
  'gallery.blockRefused': {
    status: 500,
    exit: internal,
    message: 'A sealed block of the gallery does not fit the active model.',
    remedy: 'Nothing is lost: its rows are read from the vault, and the block is made again when the vault is idle.',
  },
  'gallery.notReady': { status: 503, exit: internal, message: 'The gallery is still being loaded.', remedy: 'Try again in a few seconds.' },
  'vault.missing': {
    status: 503,
    exit: vault,
    message: 'There is no vault in the data folder.',
    remedy: 'Create one with: vultus init --key keychain',
  },
  'vault.exists': {
    status: 409,
    exit: vault,
    message: 'The data folder already has a vault.',
    remedy: 'Open the existing vault, or name another folder with --data.',
  },
  'vault.locked': {
    status: 503,
    exit: vault,
    message: 'The vault is locked.',
    remedy: 'Unlock it with its passphrase (VULTUS_PASSPHRASE on the command line).',
  },
  'vault.wrongKey': {
    status: 403,
    exit: vault,
    message: 'The key does not open this vault.',
    remedy: 'Check the passphrase, or sign in as the person whose keychain holds the key. If it is lost: vultus recover',
  },
  'vault.damaged': {
    status: 503,
    exit: vault,
    message: 'The vault is damaged. Nothing was changed.',
    remedy: 'Do not write to the folder; restore the last good copy.',
  },
  'vault.tooNew': {
    status: 503,
    exit: vault,
    message: 'The vault was written by a newer Vultus.',
    remedy: 'Install the version that wrote it, or a newer one.',
  },
  'vault.inUse': {
    status: 503,
    exit: vault,
    message: 'Another process holds this vault.',
    remedy: 'Close the other station, or wait until it has ended.',
  },
  'vault.busy': {
    status: 503,
    exit: vault,
    message: 'The vault is being copied under a new key. Nothing was written.',
    remedy: 'Try again when the copy is complete; vultus jobs shows how far it is.',
  },
  'vault.unwritable': {
    status: 503,
    exit: vault,
    message: 'The data folder cannot be written.',
    remedy: 'Check its permissions and that its disk is not read-only.',
  },
  'vault.diskFull': {
    status: 507,
    exit: vault,
    message: 'The disk is full; nothing was written.',
    remedy: 'Free some space and try again.',
  },
  'vault.passphraseWeak': { status: 400, exit: usage, message: 'The passphrase is too short.', remedy: 'Use at least 12 characters.' },
  'vault.kindRefused': {
    status: 403,
    exit: notPermitted,
    message: 'This is not allowed for a vault of this kind.',
    remedy: 'Demo data belongs into a demo vault, real data into a real one.',
  },
  'key.missing': {
    status: 503,
    exit: vault,
    message: 'The keychain has no key for this vault.',
    remedy: 'Sign in as the person who created the vault, or use its recovery key: vultus recover. No new key is made over an old vault.',
  },
  'keychain.unavailable': {
    status: 503,
    exit: vault,
    message: 'The keychain of this machine cannot be reached.',
    remedy: 'Unlock the keychain or start its service, or create the vault with --key passphrase.',
  },
  'keychain.locked': { status: 503, exit: vault, message: 'The keychain is locked.', remedy: 'Unlock the keychain and try again.' },
  'recovery.none': {
    status: 409,
    exit: vault,
    message: 'This vault has no recovery key.',
    remedy: 'Open it with its key; a vault that is no demo gets a recovery key with: vultus recovery reissue',
  },
  'recovery.mistyped': {
    status: 400,
    exit: usage,
    message: 'This is not a recovery key: a letter is wrong or missing.',
    remedy: 'Type all 14 groups of four as they are written.',
  },
  'recovery.wrong': {
    status: 403,
    exit: vault,
    message: 'The recovery key does not open this vault.',
    remedy: 'Use the key that was issued last for this vault; a reissue voids the ones before.',
  },
  'recovery.mismatch': {
    status: 409,
    exit: usage,
    message: 'The groups are not those of the recovery key.',
    remedy: 'Look at the written key and type the groups again; if it is lost, issue a new one.',
  },
  'job.unknown': { status: 404, exit: notFound, message: 'No job has this id.', remedy: 'List the jobs with: vultus jobs' },
  'job.notPossible': {
    status: 409,
    exit: usage,
    message: 'A job in this state cannot do that.',
    remedy: 'List the jobs with: vultus jobs; wait for the one that works on the keys, or cancel it.',
  },
  'backup.missing': {
    status: 404,
    exit: notFound,
    message: 'There is no such backup in the folder.',
    remedy: 'Name the folder that holds the .vultus-keys file and the .vultus-backup files, and a generation that stands in it.',
  },
  'backup.damaged': {
    status: 409,
    exit: vault,
    message: 'The backup is damaged or was altered. Nothing was changed.',
    remedy: 'Use another generation or another copy of the folder; take new backups into another folder.',
  },
  'backup.foreign': {
    status: 409,
    exit: vault,
    message: 'The backup folder holds the backups of another vault. Nothing was changed.',
    remedy: 'Give each vault a backup folder of its own.',
  },
  'backup.mismatch': {
    status: 409,
    exit: vault,
    message: 'The key file and the data of the backup do not belong together. Nothing was changed.',
    remedy: 'Use the key file that was written with this generation or after it, from the same folder.',
  },
  'backup.unreachable': {
    status: 503,
    exit: vault,
    message: 'The backup folder cannot be reached or written.',
    remedy: 'Connect the disk, check its space and its permissions, and try again.',
  },
  'backup.running': {
    status: 409,
    exit: internal,
    message: 'A backup is being made already.',
    remedy: 'Wait until it is complete and try again.',
  },
  'audit.broken': {
    status: 500,
    exit: vault,
    message: 'The audit chain does not verify.',
    remedy: 'Keep the data folder as it is and call the data protection officer.',
  },
  'audit.unrecorded': {
    status: 503,
    exit: vault,
    message: 'The call could not be recorded in the audit chain, so it was not answered.',
    remedy: 'Give the disk of the vault space and write permission, then ask again; "vultus audit verify" answers meanwhile.',
  },
  'audit.witnessUnusable': {
    status: 400,
    exit: usage,
    message: 'The witness file cannot be used.',
    remedy: 'Name a new file, or one that witnesses checkpoints already, in a folder of another disk that can be written.',
  },
  'certificate.unknown': {
    status: 404,
    exit: notFound,
    message: 'No erasure has this audit record.',
    remedy: 'List the erasures with: vultus audit list --event subject.erase',
  },
  'certificate.invalid': {
    status: 400,
    exit: usage,
    message: 'This is not a certificate of erasure.',
    remedy: 'Name the file that was written with: vultus erase --id ID --certificate FILE',
  },
  'file.unreadable': {
    status: 400,
    exit: usage,
    message: 'The file cannot be read.',
    remedy: 'Check its path and its permissions; it has at most 1 MiB of text.',
  },
  'file.unwritable': {
    status: 400,
    exit: usage,
    message: 'The file cannot be written.',
    remedy: 'Name a new file in a folder that can be written; nothing is written over.',
  },
  'import.sourceUnreadable': {
    status: 400,
    exit: usage,
    message: 'The folder or list of the import cannot be read.',
    remedy: 'Check its path and its permissions; name a folder of pictures, or a list in CSV.',
  },
  'import.listInvalid': {
    status: 400,
    exit: usage,
    message: 'The list of the import is not well formed.',
    remedy: 'Save it as CSV in UTF-8, with a first line that names the columns number and picture, and correct what the detail names.',
  },
  'import.empty': {
    status: 400,
    exit: usage,
    message: 'There is nothing to import.',
    remedy: 'Name a folder with a folder of pictures for each person, or with pictures named by number, or a list with rows.',
  },
  'import.tooLarge': {
    status: 413,
    exit: usage,
    message: 'The import is larger than the limit.',
    remedy: 'Import it in parts: at most 1,000,000 rows and 512 MiB of a list, or 100,000 entries of a folder.',
  },
  'import.rowInvalid': {
    status: 422,
    exit: usage,
    message: 'A value of the row cannot be used.',
    remedy: 'Correct what the detail names and import again: rows that are enrolled are skipped then.',
  },
  'import.numberTaken': {
    status: 409,
    exit: usage,
    message: 'The number belongs to another row or subject already.',
    remedy: 'Give each person a number of their own; pictures of one person go into one folder.',
  },
  'import.pathOutside': {
    status: 403,
    exit: notPermitted,
    message: 'The picture is a link, or its path leaves the folder of the import.',
    remedy: 'Copy the picture into the folder and name it by a path below it.',
  },
  'import.suspected': {
    status: 409,
    exit: duplicate,
    message: 'Somebody in the gallery looks like this person.',
    remedy: 'Compare the pictures and decide with: vultus import decide',
  },
  'import.sourceChanged': {
    status: 409,
    exit: usage,
    message: 'The folder or list is not as it was when it was imported.',
    remedy: 'Put it back as it was and try again; or cancel and import it anew: rows that are enrolled are skipped then.',
  },
  'import.rowUnknown': {
    status: 404,
    exit: notFound,
    message: 'The import has no row that waits for a decision under this number.',
    remedy: 'List them with: vultus import report --outcome suspected',
  },
  'evaluation.cancelled': {
    status: 409,
    exit: internal,
    message: 'The evaluation was cancelled.',
    remedy: 'Start it again; nothing was written.',
  },
  'evaluation.tooSmall': {
    status: 400,
    exit: usage,
    message: 'There are too few pictures for a calibration.',
    remedy: 'Take pictures of more people; with 46 people of one picture each there are 1,000 pairs of different people.',
  },
  'model.missing': {
    status: 503,
    exit: internal,
    message: 'A model file of the pack is not there.',
    remedy: 'Make the starter pack with: vultus models build',
  },
  'model.invalid': {
    status: 503,
    exit: internal,
    message: 'A model file is not the one that its manifest names.',
    remedy: 'Make or import the pack again.',
  },
  'model.loadFailed': {
    status: 503,
    exit: internal,
    message: 'The model could not be loaded.',
    remedy: 'Check the free memory; make or import the pack again.',
  },
  'model.unknown': {
    status: 404,
    exit: notFound,
    message: 'No model pack has this id.',
    remedy: 'List the packs with: vultus models list',
  },
  'model.unsupported': {
    status: 422,
    exit: usage,
    message: 'The model uses something that is not accepted.',
    remedy: 'Export it again with standard ONNX operators, fixed shapes and weights inside the file; docs/model-packs.md lists them.',
  },
  'model.weightsInvalid': {
    status: 422,
    exit: usage,
    message: 'Weights of the model are not finite numbers, or do not fill their dimensions.',
    remedy: 'Export the model again; ask whoever made the pack for a sound one.',
  },
  'model.selfTestFailed': {
    status: 422,
    exit: usage,
    message: 'The pack does not find or compare a drawn face as it should.',
    remedy: 'Check family, input and alignment in its manifest against the description of the model.',
  },
  'model.referencesMissing': {
    status: 409,
    exit: usage,
    message: 'Subjects have no reference of this model yet and would not be found.',
    remedy:
      'Make their references first with: vultus models reembed ID; or accept that they have to be enrolled again with --allow-missing.',
  },
  'model.active': {
    status: 409,
    exit: usage,
    message: 'This pack is active.',
    remedy: 'Activate another one first with: vultus models activate ID',
  },
  'pack.unreadable': {
    status: 400,
    exit: usage,
    message: 'This is not a model pack, or it is damaged.',
    remedy: 'Name a zip file or a folder with a manifest.json; copy it again.',
  },
  'pack.unsafe': {
    status: 422,
    exit: usage,
    message: 'The pack reaches outside of itself or hides something.',
    remedy: 'Do not use it; ask whoever made it. A pack holds plain files at its top, all named in its manifest, and no other data.',
  },
  'pack.tooLarge': {
    status: 413,
    exit: usage,
    message: 'The pack is larger than the limit.',
    remedy: 'A pack has at most 32 files, 512 MiB for a model and 1 GiB altogether.',
  },
  'pack.untrusted': {
    status: 403,
    exit: notPermitted,
    message: 'No trusted key has signed this pack.',
    remedy: 'Trust the key of its maker with: vultus models trust --key FILE; or, if you know where it comes from, import it with --trust.',
  },
  'pack.exists': {
    status: 409,
    exit: usage,
    message: 'A pack of this id is there already.',
    remedy: 'Remove it first with: vultus models remove ID; or give the new one another id.',
  },
  'pack.checkFailed': {
    status: 422,
    exit: usage,
    message: 'The check of the pack took more memory or time than it may, or broke off.',
    remedy: 'Do not use the pack; if you trust it, close other programs and try again.',
  },
  'pack.builtIn': {
    status: 409,
    exit: usage,
    message: 'This pack came with the program.',
    remedy: 'It stays; name a pack that was imported.',
  },
  'inference.failed': {
    status: 500,
    exit: internal,
    message: 'The model failed on this picture.',
    remedy: 'Try another picture; if it happens again, check the model pack.',
  },
  'permission.denied': {
    status: 403,
    exit: notPermitted,
    message: 'Your role does not allow this.',
    remedy: 'Ask somebody whose role allows it.',
  },
  'client.notGranted': {
    status: 403,
    exit: notPermitted,
    message: 'The key of this program is not for that.',
    remedy: 'Ask an administrator for a key with the permission that is needed.',
  },
  'client.exists': {
    status: 409,
    exit: usage,
    message: 'A program has this name already, or had it.',
    remedy: 'Choose another name: the audit chain keeps the names of programs apart for good.',
  },
  'client.unknown': {
    status: 404,
    exit: notFound,
    message: 'No program has this name.',
    remedy: 'List the programs with: vultus clients list',
  },
  'signIn.required': {
    status: 401,
    exit: notPermitted,
    message: 'This needs somebody who is signed in, or a valid token.',
    remedy: 'Sign in (on the command line with --as NAME); REST clients send the header "Authorization: Bearer TOKEN".',
  },
  'signIn.wrong': {
    status: 401,
    exit: notPermitted,
    message: 'Name and password do not belong together.',
    remedy: 'Check the name, capital letters and the keyboard language. After five wrong tries a name waits 15 minutes.',
  },
  'signIn.wait': {
    status: 429,
    exit: notPermitted,
    message: 'This name has to wait after wrong tries.',
    remedy: 'Wait as long as the message names, then try again; an administrator can end the waiting with a new password.',
  },
  'signIn.pinRefused': {
    status: 403,
    exit: notPermitted,
    message: 'The policy of this station allows no PIN.',
    remedy: 'Ask an administrator to give the account a password.',
  },
  'signIn.pinOperatorsOnly': {
    status: 403,
    exit: notPermitted,
    message: 'A PIN is for operators only; every other role needs a password.',
    remedy: 'Let an administrator give the account a password: vultus operators change --name NAME --secret-kind password',
  },
  'operator.unknown': {
    status: 404,
    exit: notFound,
    message: 'No account has this name.',
    remedy: 'Check the name; list the accounts with: vultus operators list',
  },
  'operator.exists': {
    status: 409,
    exit: usage,
    message: 'An account has this name already.',
    remedy: 'Choose another name, or change the account that is there.',
  },
  'operator.firstAdministrator': {
    status: 409,
    exit: usage,
    message: 'The first account has to be an administrator.',
    remedy: 'Add an administrator first, then the others.',
  },
  'operator.lastAdministrator': {
    status: 409,
    exit: notPermitted,
    message: 'The last administrator can be neither disabled nor given another role.',
    remedy: 'Add another administrator first.',
  },
  'operator.secretWeak': {
    status: 400,
    exit: usage,
    message: 'The password or PIN is not good enough.',
    remedy: 'Use what the message asks for; four unrelated words make a good password.',
  },
  'rate.limited': { status: 429, exit: internal, message: 'Too many requests at once.', remedy: 'Wait a moment and try again.' },
  'request.invalid': {
    status: 400,
    exit: usage,
    message: 'The request is not well formed.',
    remedy: 'Correct the field that the message names.',
  },
  'request.tooLarge': {
    status: 413,
    exit: usage,
    message: 'The request is larger than the limit.',
    remedy: 'Send fewer or smaller pictures.',
  },
  'request.timedOut': {
    status: 504,
    exit: internal,
    message: 'The answer took too long.',
    remedy: 'Try again; if it happens again, look at the station health.',
  },
  'request.unknown': { status: 404, exit: usage, message: 'There is no such procedure.', remedy: 'Check the name.' },
  'request.methodRefused': {
    status: 405,
    exit: usage,
    message: 'This address does not take that method.',
    remedy: 'Use a method that the Allow header of the answer names.',
  },
  'request.mediaTypeRefused': {
    status: 415,
    exit: usage,
    message: 'The body is not declared as JSON.',
    remedy: 'Send JSON with the header "Content-Type: application/json".',
  },
  'request.hostRefused': {
    status: 421,
    exit: usage,
    message: 'The request names a host that this station is not.',
    remedy: 'Use the address that the station printed.',
  },
  'request.originRefused': {
    status: 403,
    exit: notPermitted,
    message: 'Pages of other sites may not call the station.',
    remedy: 'Call it from a program on this machine, without an Origin header.',
  },
  'resource.exhausted': {
    status: 503,
    exit: internal,
    message: 'The machine has too little memory for this.',
    remedy: 'Close other programs and try again.',
  },
  'process.restarted': {
    status: 503,
    exit: internal,
    message: 'A part of the station failed and was started again. Nothing stored was lost.',
    remedy: 'Try again.',
  },
  'process.unavailable': {
    status: 503,
    exit: internal,
    message: 'A part of the station does not start.',
    remedy: 'Restart the station; look at its log.',
  },
  'station.unreachable': {
    status: 503,
    exit: internal,
    message: 'The link to the station is lost.',
    remedy: 'Look whether the station still runs; start it again with: npm start',
  },
  'browser.missing': {
    status: 503,
    exit: internal,
    message: 'There is no browser to show the window.',
    remedy: 'Install Chromium, Chrome or Edge.',
  },
  'setup.offline': {
    status: 503,
    exit: internal,
    message: 'Set-up needs the network once, and it cannot be reached.',
    remedy: 'Connect the machine (or set the registry or proxy of npm), then run the same command again.',
  },
  'setup.failed': {
    status: 503,
    exit: internal,
    message: 'A step of the set-up failed.',
    remedy: 'Read the lines above; run the same command again when the cause is gone.',
  },
  'setup.nodeMissing': {
    status: 503,
    exit: internal,
    message: 'No Node.js that can run the station was found.',
    remedy: 'Install Node.js 22.14 or newer (24 is best) and run the same command again.',
  },
  'internal.fault': {
    status: 500,
    exit: internal,
    message: 'Something went wrong inside the station. Nothing stored was lost.',
    remedy: 'Try again; if it happens again, report it with the log.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorTable

/** What a door answers for a refusal; `detail` says which field, file or limit, never a secret, a name or a stack. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly remedy: string
  readonly detail?: string | undefined
}

/** An expected failure with a row in the error table. Anything else that is thrown is a bug. */
export class VultusError extends Error {
  override readonly name = 'VultusError'
  readonly code: ErrorCode
  readonly detail: string | undefined
  /** What the answer carries beside the refusal (the candidates of a possible duplicate). */
  readonly data: Readonly<Record<string, unknown>> | undefined
  constructor(code: ErrorCode, detail?: string, options: ErrorOptions & { data?: Readonly<Record<string, unknown>> | undefined } = {}) {
    super(detail === undefined ? errorTable[code].message : `${errorTable[code].message} (${detail})`, options)
    this.code = code
    this.detail = detail
    this.data = options.data
  }
}

/** Turns anything thrown into what may leave by a door: a bug shows nothing of itself. */
export function refusalOf(error: unknown): Refusal {
  const code = error instanceof VultusError ? error.code : 'internal.fault'
  const { message, remedy } = errorTable[code]
  const detail = error instanceof VultusError ? error.detail : undefined
  return detail === undefined ? { code, message, remedy } : { code, message, remedy, detail }
}

/** Whether a string is a code of the table (for refusals that came over a port). */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code)
}

/** An answer that crosses a process or a socket: errors travel as values, never as stacks. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Failed

/** A refusal as a value; `data` is what the answer carries beside it. */
export interface Failed {
  readonly ok: false
  readonly refusal: Refusal
  readonly data?: Readonly<Record<string, unknown>> | undefined
}

/** Runs a function and turns what it throws into an outcome; `onBug` sees what has no row in the table. */
export async function outcomeOf<T>(run: () => Promise<T> | T, onBug?: (error: unknown) => void): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await run() }
  } catch (error) {
    if (!(error instanceof VultusError)) onBug?.(error)
    return failedOf(error)
  }
}

/** Anything thrown as a failed outcome. */
export function failedOf(error: unknown): Failed {
  const data = error instanceof VultusError ? error.data : undefined
  return data === undefined ? { ok: false, refusal: refusalOf(error) } : { ok: false, refusal: refusalOf(error), data }
}

/** The value of an outcome, or the refusal thrown again on this side. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new VultusError(outcome.refusal.code, outcome.refusal.detail, { data: outcome.data })
}
