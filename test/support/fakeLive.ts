/** The stand-in's answer to a frame. It runs inside the page, so it imports nothing. */
import type { FakePlan } from './fakePlan.ts'

export function livePacket(state: Pick<FakePlan, 'face' | 'points'> & { readonly captures: number }, packet: Uint8Array): Uint8Array {
  const head = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  const idLength = packet[1]!
  const [width, height] = [640, 480]
  const padded = Math.ceil(idLength / 4) * 4
  const { face } = state
  const names = ['onePerson', 'distance', 'centred', 'facing', 'eyesOpen', 'mouthClosed', 'focus', 'brightness', 'evenLight']
  const report = new TextEncoder().encode(
    JSON.stringify({
      instruction: face === null ? 'look' : 'hold',
      phase: face === null ? 'seeking' : 'holding',
      progress: 0,
      captures: state.captures,
      checks: face === null ? [] : names.map((name, index) => ({ name, verdict: 'good', bar: 60 + index * 4 })),
      reasons: [],
      pose: face === null ? null : { yaw: 0.5, pitch: 1, roll: 0 },
      liveness: null,
    }),
  )
  const facesEnd = 16 + 12 + padded + (face === null ? 0 : 24 + 468 * 8)
  const bytes = new Uint8Array(facesEnd + 4 + report.length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 2)
  view.setUint8(1, idLength)
  view.setUint16(2, face === null ? 0 : 1, true)
  view.setUint32(4, head.getUint32(4, true), true)
  view.setFloat64(8, head.getFloat64(8, true), true)
  view.setUint32(16, width, true)
  view.setUint32(20, height, true)
  view.setFloat32(24, 20, true)
  view.setUint32(facesEnd, report.length, true)
  bytes.set(report, facesEnd + 4)
  bytes.set(packet.subarray(16, 16 + idLength), 28)
  if (face !== null) {
    const box = [face.x * width, face.y * height, face.width * width, face.height * height] as const
    const at = 28 + padded
    for (const [index, value] of [...box, 0.97, 468].entries()) view.setFloat32(at + index * 4, value, true)
    for (let index = 0; index < 936; index += 2) {
      view.setFloat32(at + 24 + index * 4, box[0] + state.points[index]! * box[2], true)
      view.setFloat32(at + 28 + index * 4, box[1] + state.points[index + 1]! * box[3], true)
    }
  }
  return bytes
}
