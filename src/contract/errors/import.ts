/** Imports of people in bulk. */
import { exitCodes } from '../exitCodes.ts'
import type { ErrorRows } from './errorRow.ts'

const { usage, notFound, duplicate, notPermitted } = exitCodes

export const importErrors = {
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
} as const satisfies ErrorRows<'import'>
