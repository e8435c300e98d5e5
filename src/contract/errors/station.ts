/** The station itself: its processes, window and set-up. */
import { exitCodes } from '../exitCodes.ts'
import type { ErrorRows } from './errorRow.ts'

const { internal } = exitCodes

export const stationErrors = {
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
} as const satisfies ErrorRows<'resource' | 'process' | 'station' | 'browser' | 'setup' | 'internal'>
