/** Where pixels of a camera frame lie on the stage: the picture covers the stage, is cut at two sides, and may be turned as in a mirror. */

export interface Size {
  readonly width: number
  readonly height: number
}

export interface OverlayMapping {
  /** Stage pixels per frame pixel. */
  readonly scale: number
  /** Stage position of the frame's top left corner before mirroring, pixels. */
  readonly left: number
  readonly top: number
  /** Width of the stage, for mirroring. */
  readonly stageWidth: number
  readonly mirrored: boolean
}

/** The mapping that `object-fit: cover` makes. */
export function coverMapping(frame: Size, stage: Size, mirrored: boolean): OverlayMapping {
  const scale = Math.max(stage.width / frame.width, stage.height / frame.height)
  return {
    scale,
    left: (stage.width - frame.width * scale) / 2,
    top: (stage.height - frame.height * scale) / 2,
    stageWidth: stage.width,
    mirrored,
  }
}

/** x of a frame pixel on the stage. */
export function stageX(mapping: OverlayMapping, x: number): number {
  const place = mapping.left + x * mapping.scale
  return mapping.mirrored ? mapping.stageWidth - place : place
}

/** y of a frame pixel on the stage. */
export function stageY(mapping: OverlayMapping, y: number): number {
  return mapping.top + y * mapping.scale
}
