/** Subjects: their enrolment, what is stored of them, and the gallery that is searched for them. */
import { exitCodes } from '../exitCodes.ts'
import type { ErrorRows } from './errorRow.ts'

const { usage, internal, notFound, duplicate, notPermitted } = exitCodes

export const subjectErrors = {
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
} as const satisfies ErrorRows<
  'duplicate' | 'consent' | 'subject' | 'search' | 'form' | 'draft' | 'exception' | 'inbox' | 'reference' | 'template' | 'gallery'
>
