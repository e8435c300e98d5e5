/** Two pictures side by side: of the person who is enrolled, and of the subject who looks alike. */
import type { ReactNode } from 'react'
import type { SubjectId } from '../../../contract/types.ts'
import { fill, text } from '../../locale/text.ts'
import { StoredPicture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'

export interface PicturePairProps {
  /** Picture of the person who is enrolled. */
  readonly now: ReactNode
  readonly candidate: SubjectId | undefined
  /** JPEG of the candidate; undefined while it is read, null where there is none. */
  readonly stored: Uint8Array | null | undefined
  /** What is said beside the number of the candidate. */
  readonly note?: ReactNode
}

export function PicturePair({ now, candidate, stored, note }: PicturePairProps) {
  return (
    <div className="pair">
      <figure>
        <figcaption className="b">{text.enrol.review.this}</figcaption>
        <div className="ph">{now}</div>
      </figure>
      <div className="joint" aria-hidden="true">
        ≈
      </div>
      {candidate !== undefined && (
        <figure>
          <figcaption className="row">
            <span className="b sp">
              <Private>{fill(text.enrol.review.reference, { id: candidate })}</Private>
            </span>
            {note}
          </figcaption>
          <div className="ph">
            <StoredPicture bytes={stored} words={fill(text.picture.ofSubject, { id: candidate })} />
          </div>
        </figure>
      )}
    </div>
  )
}
