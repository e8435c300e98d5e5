/** A value as JSON with runs of bytes beside it, as one run of bytes that can be sealed. */

const lengthBytes = 4

export interface Packed {
  /** Anything that JSON can hold. */
  readonly json: unknown
  readonly blobs: readonly Uint8Array[]
}

/** u32 length of the head, the head ({json, lengths of the blobs}) as JSON, the blobs; little endian. The caller zeroes it. */
export function pack({ json, blobs }: Packed): Buffer {
  const head = Buffer.from(JSON.stringify({ json, lengths: blobs.map(({ length }) => length) }))
  const packed = Buffer.alloc(lengthBytes + head.length + blobs.reduce((sum, { length }) => sum + length, 0))
  packed.writeUInt32LE(head.length)
  packed.set(head, lengthBytes)
  head.fill(0)
  let at = lengthBytes + head.length
  for (const blob of blobs) {
    packed.set(blob, at)
    at += blob.length
  }
  return packed
}

/** What was packed; the blobs are copies. Its seal says that the bytes are those that pack made. */
export function unpack(packed: Buffer): Packed {
  const end = lengthBytes + packed.readUInt32LE(0)
  const { json, lengths } = JSON.parse(packed.toString('utf8', lengthBytes, end)) as { json: unknown; lengths: number[] }
  let at = end
  const blobs = lengths.map((length) => {
    const blob = new Uint8Array(length)
    blob.set(packed.subarray(at, at + length))
    at += length
    return blob
  })
  return { json, blobs }
}
