/** The language that a subject is spoken to in: chosen when the subject sits down, that of the window where nothing was chosen. */
import { create } from 'zustand'
import type { Language } from '../../contract/settings.ts'
import type { Catalogue } from './en.ts'
import { catalogues, useLanguage } from './text.ts'

const useChosen = create<{ readonly language: Language | null }>()(() => ({ language: null }))

/** @param language null: that of the window */
export const chooseSubjectLanguage = (language: Language | null) => useChosen.setState({ language })

/** What was chosen; null for that of the window. */
export const useChosenSubjectLanguage = (): Language | null => useChosen((state) => state.language)

/** The language that the subject is spoken to in. */
export function useSubjectLanguage(): Language {
  const chosen = useChosenSubjectLanguage()
  const ofWindow = useLanguage((state) => state.language)
  return chosen ?? ofWindow
}

/** What was chosen, for what is not drawn; null for the language of the window. */
export const chosenSubjectLanguage = (): Language | null => useChosen.getState().language

/** As useSubjectLanguage, for what is not drawn. */
export const subjectLanguage = (): Language => useChosen.getState().language ?? useLanguage.getState().language

/** The sentences that the subject hears and reads. */
export const useSubjectText = (): Catalogue => catalogues[useSubjectLanguage()]

/** For an element whose words are the subject's: language and direction. */
export function useSubjectWords(): { readonly lang: Language; readonly dir: string } {
  const lang = useSubjectLanguage()
  return { lang, dir: catalogues[lang].direction }
}
