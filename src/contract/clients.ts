/** Programs of integrators: what is permitted them one by one, and their keys. */
import { z } from 'zod'

/**
 * pictures: find faces, make templates of pictures and process them; compare: templates with each other; templates: store, read and search
 * stored templates; enrol, verify, identify: as at the desk; subjects: read who is enrolled.
 */
export const ClientPermission = z.enum(['pictures', 'compare', 'templates', 'enrol', 'verify', 'identify', 'subjects'])
export type ClientPermission = z.infer<typeof ClientPermission>

/** How a key begins, so that people and scanners know what it is that they have found. */
export const clientKeyPrefix = 'vultus_'
/** 256 random bits in base64url behind the prefix. */
export const clientKeyPattern = /^vultus_[A-Za-z0-9_-]{43}$/
