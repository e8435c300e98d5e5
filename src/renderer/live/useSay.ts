/** The one instruction that holds now, in words, with what the camera itself has to say first. */
import { useCamera } from '../camera/camera.ts'
import { text } from '../locale/text.ts'
import type { Instruction } from './checks.ts'
import { useLive } from './live.ts'

export function useSay(): { readonly instruction: Instruction; readonly words: string } {
  const ready = useCamera((state) => state.status.name === 'ready')
  const instruction = useLive((state) => state.instruction)
  if (!ready) return { instruction: 'look', words: text.camera.waits }
  return { instruction: instruction ?? 'look', words: text.say[instruction ?? 'look'] }
}
