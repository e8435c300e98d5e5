/** The sign of the station: an oval with a tick. */
export function Mark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" fill="none" aria-hidden="true" className="mark">
      <path d="M11 1.5c5 0 8 3.6 8 8.7 0 5.4-3.9 10.3-8 10.3S3 15.6 3 10.2C3 5.1 6 1.5 11 1.5Z" stroke="currentColor" strokeWidth="2.2" />
      <path d="M7 11.5l3 3 5.2-6" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
