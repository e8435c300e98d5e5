/** Keeps a capture session open as long as there is a camera, and opens it again after the face process or the link came back. */
import { useEffect, useState } from 'react'
import { create } from 'zustand'
import type { Refusal } from '../../contract/errors.ts'
import type { ExemptionReason, PresetId } from '../../contract/quality.ts'
import { limits, type SessionId } from '../../contract/types.ts'
import { performMovement, useCamera } from '../camera/camera.ts'
import { setAuto, useDesk } from '../state/desk.ts'
import { call, refusalFor, useStation } from '../state/station.ts'
import { forgetLive, liveFeed, useLive } from './live.ts'

/** The session that capture.take asks; without an id while there is none. */
interface Session {
  readonly sessionId: string | undefined
  /** Whether guidance asks for captures by itself. */
  readonly autoCapture: boolean
  /** The program behind the camera, where it is a virtual one. */
  readonly virtualCamera: string | null
}

const noSession: Session = { sessionId: undefined, autoCapture: false, virtualCamera: null }

export const useSession = create<Session>()(() => noSession)

/** Switches captures by themselves on or off, for this session and those after it. */
export function toggleAuto(): void {
  const auto = !useSession.getState().autoCapture
  setAuto(auto)
  useSession.setState({ autoCapture: auto })
}

/**
 * Judges the live picture by a preset while a screen is shown.
 * @param wanted whether the screen has a use for a picture that is taken by itself
 * @param always whether it is taken so whatever the switch of the desk says
 * @param exemption why the subject is not held to the whole preset
 */
export function useGuidance(
  preset: PresetId,
  wanted: boolean,
  { always = false, exemption = null }: { readonly always?: boolean; readonly exemption?: ExemptionReason | null } = {},
): void {
  const sessionId = useSession((state) => state.sessionId) as SessionId | undefined
  const autoCapture = useSession((state) => state.autoCapture || always) && wanted
  useEffect(() => {
    // A session that is gone opens again by itself, and this is asked again.
    if (sessionId !== undefined) call('capture.guide', { sessionId, preset, autoCapture, exemption }).catch(() => undefined)
  }, [sessionId, preset, autoCapture, exemption])
}

/** @returns why no session could be opened */
export function useLiveSession(): Refusal | undefined {
  const source = useCamera((state) => state.source)
  const stream = useCamera((state) => (state.status.name === 'ready' ? state.status.stream : undefined))
  const client = useStation((state) => state.client)
  const epoch = useStation((state) => state.sessionEpoch)
  const faceReady = useStation((state) => state.parts.face === 'ready')
  const [refusal, setRefusal] = useState<Refusal>()

  // A drawn subject hears what the challenge asks for, as a person reads it.
  const step = useLive((state) => state.report?.liveness?.step ?? null)
  useEffect(() => {
    if (step !== null && source === 'simulated') performMovement(step)
  }, [step, source])

  useEffect(() => {
    liveFeed.setStream(stream)
    return () => forgetLive()
  }, [stream])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch means that the session before is lost
  useEffect(() => {
    if (stream === undefined || client === undefined || !faceReady) return
    const label = source === 'camera' ? (stream.getVideoTracks()[0]?.label ?? '') : ''
    let ended = false
    let leave: (() => void) | undefined
    let opened: Awaited<ReturnType<typeof call<'capture.open'>>> | undefined
    const open = async () => {
      try {
        opened = await call('capture.open', { source, camera: label.slice(0, limits.nameCharactersMax) })
        if (ended) return close()
        const { sessionId, virtualCamera } = opened
        const autoCapture = useDesk.getState().auto ?? opened.autoCapture
        leave = liveFeed.join(client, opened.sessionId)
        useSession.setState({ sessionId, autoCapture, virtualCamera })
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
      useSession.setState(noSession)
      forgetLive()
      close()
    }
  }, [stream, client, source, epoch, faceReady])

  return refusal
}
