/** Gives a text to the browser to be saved, where its user keeps what is downloaded. */
export function saveFile(name: string, parts: readonly string[], mediaType: string): void {
  const address = URL.createObjectURL(new Blob([...parts], { type: mediaType }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has its own hold on the contents once it has begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
