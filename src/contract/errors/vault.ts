/** The vault: its keys, jobs, backups and audit chain, and the files that are read and written beside it. */
import { exitCodes } from '../exitCodes.ts'
import type { ErrorRows } from './errorRow.ts'

const { usage, vault, internal, notFound, notPermitted } = exitCodes

export const vaultErrors = {
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
} as const satisfies ErrorRows<'vault' | 'key' | 'keychain' | 'recovery' | 'job' | 'backup' | 'audit' | 'certificate' | 'file'>
