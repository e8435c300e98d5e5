/** Requests that a door takes no further. */
import { exitCodes } from '../exitCodes.ts'
import type { ErrorRows } from './errorRow.ts'

const { usage, internal, notPermitted } = exitCodes

export const requestErrors = {
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
} as const satisfies ErrorRows<'rate' | 'request'>
