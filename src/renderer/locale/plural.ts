/** Sentences that depend on a number, one form for each plural category of the language (CLDR, as Intl.PluralRules names them). */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>

/** Marks the forms of a sentence; every language has its own set of them. */
export const plural = (forms: Plural): Plural => forms

/** @returns the form of a category; that of `other` where the language has none */
export const pluralForm = (forms: Plural, category: Intl.LDMLPluralRule): string => forms[category] ?? forms.other
