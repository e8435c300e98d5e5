/** New references: what they are made of, and what of it is bound to their place. */
import type { CaptureSource, Pad } from '../contract/types.ts'
import { detailsText, type ReferenceDetails } from './referencePayload.ts'
import { encodeSample } from './sampleEncoding.ts'
import { samplePlace } from './samples.ts'
import { aadTextOf, type Place } from './seal.ts'

/** What a new reference is made of. */
export interface ReferenceContent extends ReferenceDetails {
  readonly model: string
  readonly template: Float32Array
  readonly captureSource: CaptureSource
  readonly pad: Pad
  readonly sample: Uint8Array | null
}

/** What tells where a reference came from and is authenticated with what is sealed of it. */
export interface PlacedReference {
  readonly reference_no: number
  readonly subject_no: number
  readonly version: number
  readonly model: string
  readonly capture_source: CaptureSource
  readonly pad: Pad
  readonly created_ms: number
}

export const placeOf = (row: PlacedReference): Place => [
  'subject_references',
  'sealed',
  row.reference_no,
  row.subject_no,
  row.model,
  row.version,
  row.capture_source,
  row.pad,
  row.created_ms,
]
/** A reference that is added together with others, before it is sealed. */
export interface ReferenceDraft {
  readonly placed: PlacedReference
  /** What is authenticated with it. */
  readonly aad: string
  readonly details: string
  readonly template: Float32Array
  readonly sample: { readonly encoding: string; readonly bytes: Uint8Array; readonly aad: string } | undefined
}

export function placedOf(
  referenceNo: number,
  subjectNo: number,
  version: number,
  content: ReferenceContent,
  nowMs: number,
): PlacedReference {
  return {
    reference_no: referenceNo,
    subject_no: subjectNo,
    version,
    model: content.model,
    capture_source: content.captureSource,
    pad: content.pad,
    created_ms: nowMs,
  }
}

/** The reference of that number in a subject's first version, to be sealed with others and then inserted (put). */
export function referenceDraft(referenceNo: number, subjectNo: number, content: ReferenceContent, nowMs: number): ReferenceDraft {
  const placed = placedOf(referenceNo, subjectNo, 1, content, nowMs)
  const { template } = content
  const encoded = content.sample === null ? undefined : encodeSample(content.sample)
  const sample = encoded === undefined ? undefined : { ...encoded, aad: aadTextOf(samplePlace({ ...placed, encoding: encoded.encoding })) }
  return { placed, aad: aadTextOf(placeOf(placed)), details: detailsText(content), template, sample }
}
