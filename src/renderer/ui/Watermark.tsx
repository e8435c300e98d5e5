/** Says across every screen of a demo that nothing on it is real. The words for readers are in the title bar. */
import { text } from '../locale/text.ts'
import { useStation } from '../state/station.ts'

export function Watermark() {
  const demo = useStation((state) => state.vault?.kind === 'demo')
  if (!demo) return null
  return (
    <div className="watermark" aria-hidden="true">
      {[0, 1, 2].map((line) => (
        <span key={line}>{text.demoMark}</span>
      ))}
    </div>
  )
}
