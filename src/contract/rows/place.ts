/** Folders and files of the machine that the station runs on: what a window offers where a procedure takes a path. */
import { z } from 'zod'
import { row } from '../row.ts'

export const placeLimits = {
  entriesMax: 2000,
  pathCharactersMax: 4096,
} as const

/** folder; list: CSV; pack: a zip file. Other files are counted and not named. */
export const PlaceKind = z.enum(['folder', 'list', 'pack'])
export type PlaceKind = z.infer<typeof PlaceKind>

export const placeRows = {
  /**
   * What is in a folder. A window in a browser is told no paths of what is dropped or chosen in it; and the station may only read what is
   * on its own machine.
   */
  'place.list': row({
    input: z.object({
      /** Absolute; the home of whoever runs the station where it is left out. */
      folder: z.string().min(1).max(placeLimits.pathCharactersMax).optional(),
    }),
    output: z.object({
      folder: z.string(),
      /** Null at the top. */
      parent: z.string().nullable(),
      entries: z.array(z.object({ name: z.string(), path: z.string(), kind: PlaceKind })),
      /** Files of other kinds, and what cannot be read. */
      others: z.number().int().nonnegative(),
      /** Whether there are more entries than these. */
      more: z.boolean(),
    }),
    roles: ['supervisor', 'administrator'],
    audit: 'none',
    vault: 'open',
    limits: { timeoutMs: 20_000, atOnceMax: 4 },
  }),
}
