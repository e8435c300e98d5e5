/**
 * Packets of the live view, in both directions, as plain bytes, so that hosts forward them unparsed.
 * Little endian. A frame packet goes to the face process, a live packet comes back for each frame that was looked at.
 *
 * frame: u8 kind=1, u8 idLength, u16 0, u32 frameNo, f64 capturedAtMs, id (ASCII), JPEG bytes
 * live:  u8 kind=2, u8 idLength, u16 faces, u32 frameNo, f64 capturedAtMs, u32 width, u32 height, f32 faceMs,
 *        id (ASCII, padded with 0 to a multiple of 4), then for each face f32 x, y, width, height, detectionScore, f32 points (0 or 468),
 *        then points * (x, y) f32. Only the subject (first) has points. Coordinates are pixels of the frame.
 *        Then u32 length and the report (guidance.ts) as UTF-8 JSON; length 0 where there is none.
 */
import { LiveReport } from './guidance.ts'
import type { Box } from './types.ts'

export interface FramePacket {
  readonly sessionId: string
  readonly frameNo: number
  /** Clock of the sender, for the latency it sees. */
  readonly capturedAtMs: number
  readonly jpeg: Uint8Array
}

export interface LiveFace {
  readonly box: Box
  readonly detectionScore: number
  /** 468 points as x, y pairs in frame pixels, or empty. */
  readonly points: Float32Array
}

export interface LivePacket {
  readonly sessionId: string
  readonly frameNo: number
  readonly capturedAtMs: number
  readonly width: number
  readonly height: number
  /** Time the face process took for this frame. */
  readonly faceMs: number
  /** The subject first; empty when no face is in the frame. */
  readonly faces: readonly LiveFace[]
  /** Instruction, checks and challenge; null where the face process has none. */
  readonly report: LiveReport | null
}

const frameKind = 1
const liveKind = 2
const headBytes = 16
export const framePacketBytesMax = 4 * 1024 * 1024
const facesMax = 16
const reportBytesMax = 16 * 1024
const ascii = new TextDecoder('ascii')
const utf8 = new TextEncoder()
const utf8Text = new TextDecoder('utf-8', { fatal: true })

const padded = (length: number) => Math.ceil(length / 4) * 4

function writeHead(bytes: Uint8Array, kind: number, id: Uint8Array, count: number, frameNo: number, capturedAtMs: number): DataView {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  view.setUint8(0, kind)
  view.setUint8(1, id.length)
  view.setUint16(2, count, true)
  view.setUint32(4, frameNo, true)
  view.setFloat64(8, capturedAtMs, true)
  return view
}

/** The session that a frame or live packet belongs to, read from its head alone. @returns undefined where it is neither */
export function sessionIdOf(packet: Uint8Array): string | undefined {
  const idAt = packet[0] === frameKind ? headBytes : packet[0] === liveKind ? headBytes + 12 : undefined
  const idLength = packet[1]
  if (idAt === undefined || idLength === undefined || idAt + idLength > packet.length) return undefined
  return ascii.decode(packet.subarray(idAt, idAt + idLength))
}

export function encodeFrame(packet: FramePacket): Uint8Array {
  const id = utf8.encode(packet.sessionId)
  const bytes = new Uint8Array(headBytes + id.length + packet.jpeg.length)
  writeHead(bytes, frameKind, id, 0, packet.frameNo, packet.capturedAtMs)
  bytes.set(id, headBytes)
  bytes.set(packet.jpeg, headBytes + id.length)
  return bytes
}

/** @returns undefined for anything that is not a well formed frame packet within the limits */
export function decodeFrame(bytes: Uint8Array): FramePacket | undefined {
  if (bytes.length <= headBytes || bytes.length > framePacketBytesMax || bytes[0] !== frameKind) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const jpegAt = headBytes + view.getUint8(1)
  if (jpegAt >= bytes.length) return undefined
  return {
    sessionId: ascii.decode(bytes.subarray(headBytes, jpegAt)),
    frameNo: view.getUint32(4, true),
    capturedAtMs: view.getFloat64(8, true),
    jpeg: bytes.subarray(jpegAt),
  }
}

export function encodeLive(packet: LivePacket): Uint8Array {
  const id = utf8.encode(packet.sessionId)
  const faces = packet.faces.slice(0, facesMax)
  const idEnd = headBytes + 12 + padded(id.length)
  const report = packet.report === null ? new Uint8Array() : utf8.encode(JSON.stringify(packet.report))
  const facesEnd = faces.reduce((sum, face) => sum + 24 + face.points.length * 4, idEnd)
  const bytes = new Uint8Array(facesEnd + 4 + report.length)
  const view = writeHead(bytes, liveKind, id, faces.length, packet.frameNo, packet.capturedAtMs)
  view.setUint32(16, packet.width, true)
  view.setUint32(20, packet.height, true)
  view.setFloat32(24, packet.faceMs, true)
  bytes.set(id, headBytes + 12)
  let at = idEnd
  for (const face of faces) {
    const { x, y, width, height } = face.box
    for (const value of [x, y, width, height, face.detectionScore, face.points.length / 2]) {
      view.setFloat32(at, value, true)
      at += 4
    }
    for (const value of face.points) {
      view.setFloat32(at, value, true)
      at += 4
    }
  }
  view.setUint32(facesEnd, report.length, true)
  bytes.set(report, facesEnd + 4)
  return bytes
}

/** The report behind the faces. @returns undefined where it is not well formed */
function decodeReport(bytes: Uint8Array, view: DataView, at: number): LiveReport | null | undefined {
  if (at + 4 > bytes.length) return undefined
  const length = view.getUint32(at, true)
  if (length > reportBytesMax || at + 4 + length !== bytes.length) return undefined
  if (length === 0) return null
  try {
    return LiveReport.safeParse(JSON.parse(utf8Text.decode(bytes.subarray(at + 4)))).data
  } catch {
    return undefined
  }
}

/** @returns undefined for anything that is not a well formed live packet */
export function decodeLive(bytes: Uint8Array): LivePacket | undefined {
  if (bytes.length < headBytes + 12 || bytes[0] !== liveKind) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const idLength = view.getUint8(1)
  let at = headBytes + 12 + padded(idLength)
  if (at > bytes.length) return undefined
  const faces: LiveFace[] = []
  for (let left = view.getUint16(2, true); left > 0; left--) {
    if (at + 24 > bytes.length) return undefined
    const value = (index: number) => view.getFloat32(at + index * 4, true)
    const pointCount = value(5)
    if (pointCount !== 0 && pointCount !== 468) return undefined
    const box = { x: value(0), y: value(1), width: value(2), height: value(3) }
    const detectionScore = value(4)
    at += 24
    if (at + pointCount * 8 > bytes.length) return undefined
    const points = Float32Array.from({ length: pointCount * 2 }, (_, index) => view.getFloat32(at + index * 4, true))
    at += pointCount * 8
    faces.push({ box, detectionScore, points })
  }
  const report = decodeReport(bytes, view, at)
  if (report === undefined) return undefined
  return {
    sessionId: ascii.decode(bytes.subarray(headBytes + 12, headBytes + 12 + idLength)),
    frameNo: view.getUint32(4, true),
    capturedAtMs: view.getFloat64(8, true),
    width: view.getUint32(16, true),
    height: view.getUint32(20, true),
    faceMs: view.getFloat32(24, true),
    faces,
    report,
  }
}
