/** How a sample is kept: pictures are compressed as they are, anything else is compressed before it is sealed. */
import * as zlib from 'node:zlib'
import { VultusError } from '../contract/errors.ts'

/** As the record names it. */
export type SampleEncoding = 'plain' | 'zstd' | 'deflate'

const sampleBytesMax = 64 * 1024 * 1024
const starts: readonly (readonly [at: number, bytes: Buffer])[] = [
  [0, Buffer.of(0xff, 0xd8, 0xff)],
  [0, Buffer.from('\x89PNG', 'latin1')],
  [8, Buffer.from('WEBP')],
]

const isPicture = (sample: Uint8Array) => starts.some(([at, bytes]) => bytes.equals(sample.subarray(at, at + bytes.length)))

/** @param withZstd false where the runtime has none: deflate then */
export function encodeSample(sample: Uint8Array, withZstd = 'zstdCompressSync' in zlib): { encoding: SampleEncoding; bytes: Uint8Array } {
  if (isPicture(sample)) return { encoding: 'plain', bytes: sample }
  const bytes = withZstd ? zlib.zstdCompressSync(sample) : zlib.deflateRawSync(sample)
  return bytes.length < sample.length ? { encoding: withZstd ? 'zstd' : 'deflate', bytes } : { encoding: 'plain', bytes: sample }
}

/** @throws vault.damaged where the bytes are none of that encoding, or the runtime cannot read it */
export function decodeSample(encoding: string, bytes: Uint8Array): Uint8Array {
  const limit = { maxOutputLength: sampleBytesMax }
  try {
    if (encoding === 'plain') return bytes
    if (encoding === 'zstd') return zlib.zstdDecompressSync(bytes, limit)
    if (encoding === 'deflate') return zlib.inflateRawSync(bytes, limit)
  } catch (error) {
    throw new VultusError('vault.damaged', `samples.encoding ${encoding}`, { cause: error })
  }
  throw new VultusError('vault.damaged', 'samples.encoding')
}
