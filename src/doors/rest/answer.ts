/** What the REST door answers: the wire form of an answer, and refusals in the form that the route has. */
import { errorTable, type Refusal, VultusError } from '../../contract/errors.ts'
import type { Row } from '../../contract/row.ts'

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** The wire answer holds what the row names and nothing else. */
export function answerOf(row: Row, value: unknown): Answer {
  return { status: 200, body: (row.rest?.answer ?? row.output).parse(value) as Record<string, unknown> }
}

/** A refusal as one text, for the answer that has room for no more. */
const messageOf = ({ message, detail, remedy }: Refusal) => `${message}${detail === undefined ? '' : ` (${detail})`} ${remedy}`

/** A refusal in the form of the route; a picture without a face is an answer of the embedding endpoint, not a failure of the request. */
export function refusalAnswerOf(row: Row | undefined, refusal: Refusal, data: Readonly<Record<string, unknown>> = {}): Answer {
  const { status } = errorTable[refusal.code]
  if (row?.rest?.refusal !== 'embedding') return { status, body: { ...data, error: refusal } }
  return { status: refusal.code.startsWith('face.') ? 200 : status, body: { success: false, embedding: null, message: messageOf(refusal) } }
}

const codesByFastify: Readonly<Record<string, ConstructorParameters<typeof VultusError>>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['request.tooLarge', 'the body'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['request.mediaTypeRefused'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['request.invalid', 'the body is empty'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['request.invalid', 'the body is not valid JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['request.invalid', 'the body is not as long as its Content-Length'],
  FST_ERR_BAD_URL: ['request.invalid', 'the path is not well formed'],
  FST_ERR_MAX_PARAM_LENGTH: ['request.invalid', 'the path is too long'],
  FST_ERR_HANDLER_TIMEOUT: ['request.timedOut'],
}

/** What the framework throws, in words of the error table; its own 4xx are never a bug of ours. */
export function knownError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof VultusError) return error
  const { code = '', statusCode = 500 } = error as { code?: string; statusCode?: number }
  const known = codesByFastify[code]
  if (known !== undefined) return new VultusError(...known)
  if (statusCode >= 400 && statusCode < 500) return new VultusError('request.invalid', 'the body is not valid JSON')
  return error
}
