/**
 * How the window looks: language, theme, camera. It is kept in the vault; before that is open, and for who may not change it
 * there, the browser keeps the two words of language and theme, nothing else.
 */
import { create } from 'zustand'
import { type DeskSettings, deskFallback, Language, Theme } from '../../contract/rows/desk.ts'
import { chooseCamera } from '../camera/camera.ts'
import { catalogues, speak, text } from '../locale/text.ts'
import { call, refusalFor, useStation } from './station.ts'

export const useLook = create<DeskSettings>()(() => deskFallback)

const keys = { language: 'vultus.language', theme: 'vultus.theme' } as const

/** The first language of the system that there is a catalogue for; else English. */
export function systemLanguage(wanted: readonly string[]): Language {
  const found = wanted.map((tag) => Language.safeParse(tag.toLowerCase().split('-')[0])).find(({ success }) => success)
  return found?.data ?? 'en'
}

function keptHere(): Pick<DeskSettings, 'language' | 'theme'> {
  const language = Language.safeParse(localStorage.getItem(keys.language))
  const theme = Theme.safeParse(localStorage.getItem(keys.theme))
  return { language: language.data ?? null, theme: theme.data ?? deskFallback.theme }
}

function show({ language, theme, camera, cameraHeightPx }: DeskSettings): void {
  const spoken = language ?? systemLanguage(navigator.languages)
  speak(spoken)
  const root = document.documentElement
  root.lang = spoken
  root.dir = catalogues[spoken].direction
  document.title = text.product
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  if (theme === 'contrast') root.dataset.contrast = 'more'
  else delete root.dataset.contrast
  chooseCamera(camera, cameraHeightPx)
}

/** Called once, before anything is drawn. */
export function followLook(): void {
  useLook.subscribe(show)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => show(useLook.getState()))
  useLook.setState(keptHere())
  show(useLook.getState())
  useStation.subscribe(({ vault }, before) => {
    if (vault?.state === 'open' && before.vault?.state !== 'open') void takeFromVault(before.vault?.state === 'missing')
  })
}

/** What the vault keeps counts; a vault that was made just now takes what was chosen while it was set up. */
async function takeFromVault(fresh: boolean): Promise<void> {
  try {
    if (fresh) await changeLook(keptHere())
    else useLook.setState(await call('desk.settings', {}))
  } catch (error) {
    refusalFor(error)
  }
}

/** Changes language or theme of this window alone: nobody is signed in who could change the vault. */
export function changeLookHere(change: Partial<Pick<DeskSettings, 'language' | 'theme'>>): void {
  useLook.setState(change)
  if (change.theme !== undefined) localStorage.setItem(keys.theme, change.theme)
  if (change.language === null) localStorage.removeItem(keys.language)
  else if (change.language !== undefined) localStorage.setItem(keys.language, change.language)
}

/** Changes how the window looks, at once and in the vault. @throws VultusError what the vault refuses it with */
export async function changeLook(change: Partial<DeskSettings>): Promise<void> {
  useLook.setState(change)
  const { language, theme } = change
  changeLookHere({ ...(language === undefined ? {} : { language }), ...(theme === undefined ? {} : { theme }) })
  useLook.setState(await call('desk.change', change))
}
