/** A stored or captured sample. The address of its bytes lives as long as it is shown. */
import { EyeOff, User } from 'lucide-react'
import { useEffect, useState } from 'react'
import { text } from '../locale/text.ts'
import { useDesk } from '../state/desk.ts'

export interface PictureProps {
  /** JPEG; null where none is stored, undefined while it is awaited. */
  readonly bytes: Uint8Array | null | undefined
  readonly words: string
}

export function Picture({ bytes, words }: PictureProps) {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    if (!bytes) return setAddress(undefined)
    const made = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }))
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [bytes])
  if (address !== undefined) return <img className="portrait" src={address} alt={words} />
  return (
    <div className="portrait portrait-none">
      <User className="i i32" aria-hidden="true" />
      {bytes === null && <span className="sm">{text.picture.notStored}</span>}
    </div>
  )
}

/** A picture out of the vault: F9 covers it, for the person at the desk may not be the person on it. */
export function StoredPicture(props: PictureProps) {
  const hidden = useDesk((state) => state.hidden)
  if (!hidden) return <Picture {...props} />
  return (
    <div className="portrait portrait-none">
      <EyeOff className="i i32" aria-hidden="true" />
      <span className="sm">{text.hidden}</span>
    </div>
  )
}
