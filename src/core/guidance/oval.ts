/** The oval that a well placed face fills, in frame pixels; guidance and drawing share it. */

export interface Oval {
  readonly x: number
  readonly y: number
  readonly radiusX: number
  readonly radiusY: number
}

export function guideOval(frame: { readonly width: number; readonly height: number }): Oval {
  const radiusY = frame.height * 0.32
  return { x: frame.width / 2, y: frame.height * 0.5, radiusX: radiusY * 0.78, radiusY }
}
