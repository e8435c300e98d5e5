/** The place of a screen between title bar and foot: its content, its keys, and pictures dropped on it. */
import { ImageDown } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { clockTime, text } from '../locale/text.ts'
import { JobLine } from './JobLine.tsx'
import { Key } from './Key.tsx'

export interface FootKey {
  readonly chord: string
  readonly words: string
  /** Goes on small screens. */
  readonly spare?: boolean
}

export interface ScreenProps {
  readonly name: string
  readonly keys: readonly FootKey[]
  /** Takes pictures that are dropped anywhere on the window; undefined while none are wanted. */
  readonly onPictures?: ((files: readonly File[]) => void) | undefined
  /** What is said while something is held over the window, where it is no picture. */
  readonly dropWords?: string | undefined
  readonly children: ReactNode
}

export function Screen({ name, keys, onPictures, dropWords, children }: ScreenProps) {
  const over = useDroppedPictures(onPictures)
  return (
    <>
      <main className="main" aria-label={name}>
        {children}
        {over && (
          <div className="drop" aria-hidden="true">
            <ImageDown className="i i32" />
            <span className="b">{dropWords ?? text.picture.drop}</span>
            {dropWords === undefined && <span className="sec">{text.picture.dropText}</span>}
          </div>
        )}
      </main>
      <footer className="foot">
        {withCommonKeys(keys).map(({ chord, words, spare }) => (
          <span className={spare === true ? 'k spare' : 'k'} key={chord}>
            <Key chord={chord} /> {words}
          </span>
        ))}
        <span className="sp" />
        <JobLine />
        <Clock />
      </footer>
    </>
  )
}

const withCommonKeys = (keys: readonly FootKey[]): readonly FootKey[] => [
  ...keys,
  { chord: 'Ctrl K', words: text.keys.commands, spare: true },
  { chord: 'F1', words: text.keys.all },
]

function Clock() {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 5000)
    return () => clearInterval(timer)
  }, [])
  return <time className="num">{clockTime(now)}</time>
}

/** @returns whether files are held over the window now */
function useDroppedPictures(onPictures: ScreenProps['onPictures']): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    // Without a listener the browser would open the dropped file in place of the window.
    const hold = (event: DragEvent) => {
      event.preventDefault()
      setOver(onPictures !== undefined && event.dataTransfer?.types.includes('Files') === true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      event.preventDefault()
      setOver(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length > 0) onPictures?.(files)
    }
    window.addEventListener('dragover', hold)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', hold)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [onPictures])
  return over
}
