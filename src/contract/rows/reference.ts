/** Versions of references, and how long superseded ones are kept. */
import { z } from 'zod'
import { quick, row, slow } from '../row.ts'
import { Sequence, SubjectId } from '../types.ts'
import { ReferenceSummary } from './subject.ts'

const Version = z.number().int().positive()
const Which = z.object({ id: SubjectId.describe('number of the subject'), version: Version.describe('the version') })
const KeptSettings = z.object({ samplesKept: z.boolean(), supersededDays: z.number().int().nullable() })

export const referenceRows = {
  'reference.list': row({
    input: Which.pick({ id: true }),
    output: z.object({ references: z.array(ReferenceSummary) }),
    roles: ['operator', 'supervisor', 'auditor', 'administrator'],
    audit: 'read',
    vault: 'open',
    limits: quick,
    command: {
      name: 'references',
      summary: "list the versions of a subject's references",
      example: 'vultus references --id R-1001 --json',
      options: ['id'],
    },
  }),
  'reference.rollBack': row({
    // Not `version`: the command line's own --version would take it.
    input: Which.pick({ id: true }).extend({ toVersion: Version.describe('the version that becomes active') }),
    output: Which.extend({ sequence: Sequence }),
    roles: ['supervisor', 'administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'roll-back',
      summary: 'make an older version active again',
      example: 'vultus roll-back --id R-1001 --to-version 1',
      options: ['id', 'toVersion'],
    },
  }),
  'reference.remove': row({
    input: Which.pick({ id: true }).extend({ superseded: Version.describe('the version that is deleted; the active one cannot be') }),
    output: Which.extend({ removed: z.number().int() }),
    roles: ['supervisor', 'administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'remove-version',
      summary: 'delete a superseded version of a subject, as durably as an erasure',
      example: 'vultus remove-version --id R-1001 --superseded 1',
      options: ['id', 'superseded'],
    },
  }),
  'retention.preview': row({
    input: z.object({}),
    output: z.object({ supersededDays: z.number().int().nullable(), due: z.number().int() }),
    roles: ['auditor', 'administrator'],
    audit: 'none',
    vault: 'open',
    limits: slow,
    command: {
      name: 'retention preview',
      summary: 'count the superseded references that are due',
      example: 'vultus retention preview --json',
      options: [],
    },
  }),
  'retention.sweep': row({
    input: z.object({}),
    output: z.object({ removed: z.number().int() }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: { ...slow, atOnceMax: 1 },
    command: {
      name: 'retention sweep',
      summary: 'delete the superseded references that are due',
      example: 'vultus retention sweep',
      options: [],
    },
  }),
  'vault.settings': row({
    input: z.object({
      samplesKept: z.boolean().optional().describe('whether the pictures of samples are kept from now on'),
      supersededDays: z
        .number()
        .int()
        .min(0)
        .max(36_500)
        .nullable()
        .optional()
        .describe('keep superseded references for so many days, or until somebody removes them'),
    }),
    output: KeptSettings,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'vault settings',
      summary: 'show or change what the vault keeps',
      example: 'vultus vault settings --samples-kept no --superseded-days 30',
      options: ['samplesKept', 'supersededDays'],
    },
  }),
}
