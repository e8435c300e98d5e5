/** A QR code, dark on light whatever the theme: scanners and paper want it so. */
import encodeQR from 'qr'
import { useMemo } from 'react'

/** Modules of quiet around the code, as ISO/IEC 18004 asks for. */
const border = 4

/** @param value what it holds @param words what it is, for who does not see it */
export function Code({ value, words }: { readonly value: string; readonly words: string }) {
  const { size, path } = useMemo(() => {
    const rows = encodeQR(value, 'raw', { ecc: 'medium', border })
    const squares = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { size: rows.length, path: squares.join('') }
  }, [value])
  return (
    <svg className="code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={words} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
