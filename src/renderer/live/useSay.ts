/** The one thing that is asked for now, in words of the subject's language, with what the camera itself has to say first. A challenge goes before guidance. */
import { useCamera } from '../camera/camera.ts'
import { useSubjectText } from '../locale/subjectLanguage.ts'
import { useLive } from './live.ts'
import type { Asked } from './SayIcon.tsx'

export function useSay(): { readonly instruction: Asked; readonly words: string } {
  const text = useSubjectText()
  const ready = useCamera((state) => state.status.name === 'ready')
  const instruction = useLive((state) => state.report?.instruction ?? 'look')
  const state = useLive((state) => state.report?.liveness?.state)
  const step = useLive((state) => state.report?.liveness?.step ?? null)
  if (!ready) return { instruction: 'look', words: text.camera.waits }
  if (step !== null) return { instruction: step, words: text.liveness.steps[step] }
  if (state === 'baseline' || state === 'returning') return { instruction: 'look', words: text.liveness.straight }
  return { instruction, words: text.say[instruction] }
}
