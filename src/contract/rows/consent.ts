/**
 * Consent: the texts that a site asks with, each version kept as it was shown, and the answer that is recorded with an enrolment.
 * Which text holds is the site's to write; where there is none, nobody is asked.
 */
import { z } from 'zod'
import { everybody, quick, row } from '../row.ts'
import { Language } from './desk.ts'

export const consentCharactersMax = 8000
export const consentVersionsMax = 200

const Texts = z
  .partialRecord(Language, z.string().trim().min(1).max(consentCharactersMax))
  .describe('the text in each language that there is one in')

export const ConsentText = z.object({
  /** Counts up with every change, from 1. */
  version: z.number().int().positive(),
  createdAt: z.string(),
  /** None in any language: from this version on nobody is asked. */
  texts: Texts,
})
export type ConsentText = z.infer<typeof ConsentText>

/**
 * How the people of a list gave their consent before they were imported: on paper, or in another system. otherGround: nobody was asked,
 * because the site enrols them on another legal ground; then no consent is recorded.
 */
export const ConsentGiven = z.enum(['paper', 'electronic', 'otherGround'])
export type ConsentGiven = z.infer<typeof ConsentGiven>

/** What is recorded of a subject's consent: which text, in which language, and when. */
export const Consent = z.object({
  version: z.number().int().positive(),
  language: Language,
  at: z.string(),
  /** Where it was not given at the desk, but before an import. */
  given: ConsentGiven.exclude(['otherGround']).optional(),
})
export type Consent = z.infer<typeof Consent>

const Answer = z.object({ text: ConsentText.nullable().describe('the text in force; null where nobody is asked') })

export const consentRows = {
  'consent.text': row({
    input: z.object({ version: z.number().int().positive().optional().describe('an earlier version instead of the one in force') }),
    output: Answer,
    roles: everybody,
    audit: 'none',
    vault: 'open',
    limits: quick,
    command: {
      name: 'consent text',
      summary: 'show the text that subjects are asked for consent with',
      example: 'vultus consent text --version 1',
      options: ['version'],
    },
  }),
  'consent.change': row({
    input: z.object({ texts: Texts }),
    output: Answer,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
  }),
}
