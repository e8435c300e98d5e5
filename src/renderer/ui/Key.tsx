/** The picture of a key chord: Key chord="Ctrl O". It is a sign, not a control. */
export function Key({ chord }: { readonly chord: string }) {
  return (
    <span className="chord" aria-hidden="true">
      {chord.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  )
}
