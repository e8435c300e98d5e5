/** Who may do what: rights, programs with a key, signing in and accounts. */
import { exitCodes } from '../exitCodes.ts'
import type { ErrorRows } from './errorRow.ts'

const { usage, notFound, notPermitted } = exitCodes

export const accessErrors = {
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
} as const satisfies ErrorRows<'permission' | 'client' | 'signIn' | 'operator'>
