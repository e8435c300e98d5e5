/** Pictures and captures: what a picture file, a face in it, a capture and its quality are refused for. */
import { exitCodes } from '../exitCodes.ts'
import type { ErrorRows } from './errorRow.ts'

const { picture, notFound, notPermitted } = exitCodes

export const pictureErrors = {
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
} as const satisfies ErrorRows<'picture' | 'face' | 'capture' | 'quality'>
