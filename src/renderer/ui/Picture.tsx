/** A stored or captured sample. The address of its bytes lives as long as it is shown. */
import { User } from 'lucide-react'
import { useEffect, useState } from 'react'
import { text } from '../locale/text.ts'

/** @param bytes JPEG; null where none is stored, undefined while it is awaited */
export function Picture({ bytes, words }: { readonly bytes: Uint8Array | null | undefined; readonly words: string }) {
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
