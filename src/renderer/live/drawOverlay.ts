/** Draws what the face process saw over the live picture: the box of each face and the mesh of the subject. */
import type { LiveFace, LivePacket } from '../../contract/live.ts'
import { meshTrails } from './meshTrails.ts'
import { type OverlayMapping, stageX, stageY } from './overlayMapping.ts'

const meshColour = 'rgba(255,255,255,.55)'
const pointColour = 'rgba(255,255,255,.9)'
const boxColour = 'rgba(255,255,255,.95)'
const boxEdge = 'rgba(18,20,23,.55)'
/** Length of a corner of the subject's box, over its shorter side. */
const cornerShare = 0.16

/** Draws one packet on a cleared canvas whose unit is a stage pixel. */
export function drawOverlay(context: CanvasRenderingContext2D, packet: LivePacket, mapping: OverlayMapping, mesh: boolean): void {
  packet.faces.forEach((face, index) => {
    if (index === 0 && mesh && face.points.length > 0) drawMesh(context, face.points, mapping)
    drawBox(context, face, mapping, index === 0)
  })
}

function drawMesh(context: CanvasRenderingContext2D, points: Float32Array, mapping: OverlayMapping): void {
  const x = (index: number) => stageX(mapping, points[index * 2] ?? 0)
  const y = (index: number) => stageY(mapping, points[index * 2 + 1] ?? 0)
  context.beginPath()
  for (const trail of meshTrails) {
    trail.forEach((index, step) => {
      if (step === 0) context.moveTo(x(index), y(index))
      else context.lineTo(x(index), y(index))
    })
  }
  context.strokeStyle = meshColour
  context.lineWidth = 0.65
  context.stroke()
  context.fillStyle = pointColour
  for (let index = 0; index < points.length / 2; index++) context.fillRect(x(index) - 0.7, y(index) - 0.7, 1.4, 1.4)
}

/** Corners for the subject, a thin dashed box for anybody else. */
function drawBox(context: CanvasRenderingContext2D, face: LiveFace, mapping: OverlayMapping, subject: boolean): void {
  const { box } = face
  const [a, b] = [stageX(mapping, box.x), stageX(mapping, box.x + box.width)]
  const [left, right] = [Math.min(a, b), Math.max(a, b)]
  const [top, bottom] = [stageY(mapping, box.y), stageY(mapping, box.y + box.height)]
  context.beginPath()
  if (subject) {
    const corner = Math.min(right - left, bottom - top) * cornerShare
    for (const [x, y, dx, dy] of [
      [left, top, 1, 1],
      [right, top, -1, 1],
      [right, bottom, -1, -1],
      [left, bottom, 1, -1],
    ] as const) {
      context.moveTo(x + dx * corner, y)
      context.lineTo(x, y)
      context.lineTo(x, y + dy * corner)
    }
  } else {
    context.rect(left, top, right - left, bottom - top)
  }
  context.setLineDash(subject ? [] : [6, 6])
  for (const [colour, width] of [
    [boxEdge, 4],
    [boxColour, 2],
  ] as const) {
    context.strokeStyle = colour
    context.lineWidth = width
    context.stroke()
  }
  context.setLineDash([])
}
