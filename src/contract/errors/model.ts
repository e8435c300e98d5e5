/** Model packs, what is measured of them, and computing with them. */
import { exitCodes } from '../exitCodes.ts'
import type { ErrorRows } from './errorRow.ts'

const { usage, internal, notFound, notPermitted } = exitCodes

export const modelErrors = {
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
} as const satisfies ErrorRows<'evaluation' | 'model' | 'pack' | 'inference'>
