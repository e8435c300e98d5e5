/** Writes zip files, sound ones and such as nobody should open. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly data: Uint8Array
  /** What the directory says of the unpacked size; that of the data where left out. */
  readonly size?: number
  /** Unix mode; a plain file where left out. */
  readonly mode?: number
  readonly flags?: number
  readonly method?: number
}

const plainFile = 0o100644

function headerOf({ name, data, size = data.length, flags = 0, method = 8 }: ZipEntry, packed: Uint8Array): Buffer {
  const head = Buffer.alloc(26)
  head.writeUInt16LE(20, 0)
  head.writeUInt16LE(flags, 2)
  head.writeUInt16LE(method, 4)
  head.writeUInt32LE(crc32(data), 10)
  head.writeUInt32LE(packed.length, 14)
  head.writeUInt32LE(size, 18)
  head.writeUInt16LE(Buffer.byteLength(name), 22)
  return head
}

/** The bytes of a zip file with these entries in their order. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const packed = entry.method === 0 ? Buffer.from(entry.data) : deflateRawSync(entry.data)
    const head = headerOf(entry, packed)
    const name = Buffer.from(entry.name)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, name, packed])
    const attributes = Buffer.alloc(14)
    attributes.writeUInt32LE(((entry.mode ?? plainFile) << 16) >>> 0, 6)
    attributes.writeUInt32LE(at, 10)
    // Version made by: 3 is Unix.
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), head, attributes, name]))
    parts.push(local)
    at += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, central, end])
}
