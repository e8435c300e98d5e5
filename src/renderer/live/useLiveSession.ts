/** Keeps a capture session open as long as there is a camera, and opens it again after the face process or the link came back. */
import { useEffect, useState } from 'react'
import { create } from 'zustand'
import type { Refusal } from '../../contract/errors.ts'
import { useCamera } from '../camera/camera.ts'
import { call, refusalFor, useStation } from '../state/station.ts'
import { forgetLive, liveFeed } from './live.ts'

/** The session that capture.take asks; undefined while there is none. */
export const useSession = create<{ readonly sessionId: string | undefined }>()(() => ({ sessionId: undefined }))

/** @returns why no session could be opened */
export function useLiveSession(): Refusal | undefined {
  const source = useCamera((state) => state.source)
  const stream = useCamera((state) => (state.status.name === 'ready' ? state.status.stream : undefined))
  const client = useStation((state) => state.client)
  const epoch = useStation((state) => state.sessionEpoch)
  const faceReady = useStation((state) => state.parts.face === 'ready')
  const [refusal, setRefusal] = useState<Refusal>()

  useEffect(() => {
    liveFeed.setStream(stream)
    return () => forgetLive()
  }, [stream])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch means that the session before is lost
  useEffect(() => {
    if (stream === undefined || client === undefined || !faceReady) return
    let ended = false
    let leave: (() => void) | undefined
    let opened: Awaited<ReturnType<typeof call<'capture.open'>>> | undefined
    const open = async () => {
      try {
        opened = await call('capture.open', { source })
        if (ended) return close()
        leave = liveFeed.join(client, opened.sessionId)
        useSession.setState({ sessionId: opened.sessionId })
        setRefusal(undefined)
      } catch (error) {
        if (!ended) setRefusal(refusalFor(error))
      }
    }
    const close = () => {
      // A session that is gone already needs no closing.
      if (opened !== undefined) call('capture.close', { sessionId: opened.sessionId }).catch(() => undefined)
    }
    void open()
    return () => {
      ended = true
      leave?.()
      useSession.setState({ sessionId: undefined })
      forgetLive()
      close()
    }
  }, [stream, client, source, epoch, faceReady])

  return refusal
}
