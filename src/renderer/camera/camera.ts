/**
 * The one camera of the window: a device, or in a demo vault a simulated one. It recovers by itself: from trouble it tries
 * again when devices change, and every two seconds.
 */
import { create } from 'zustand'
import type { ChallengeStep } from '../../contract/liveness.ts'
import { SimulatedCamera } from './simulatedCamera.ts'
import { type CameraTrouble, recoversByItself, troubleOf } from './trouble.ts'

export type CameraSource = 'camera' | 'simulated'

type CameraStatus =
  | { readonly name: 'off' }
  | { readonly name: 'starting' }
  | { readonly name: 'ready'; readonly stream: MediaStream }
  | { readonly name: 'trouble'; readonly trouble: CameraTrouble }

interface CameraState {
  readonly source: CameraSource
  readonly status: CameraStatus
  /** Cameras of this machine; labels are empty until a camera was allowed. */
  readonly devices: readonly { readonly id: string; readonly label: string }[]
  readonly deviceId: string | undefined
  /** Name and picture height of the camera that is wanted; null takes any. */
  readonly wanted: { readonly label: string | null; readonly heightPx: number }
  /** Index of the drawn subject that sits before the simulated camera. */
  readonly subject: number
}

export const useCamera = create<CameraState>()(() => ({
  source: 'camera',
  status: { name: 'off' },
  devices: [],
  deviceId: undefined,
  wanted: { label: null, heightPx: 720 },
  subject: 0,
}))

const { getState, setState } = useCamera
const retryMs = 2000

let simulated: SimulatedCamera | undefined
let retryTimer: ReturnType<typeof setTimeout> | undefined
/** Counts starts, so that an answer to an older start is thrown away. */
let attempt = 0

/** Starts the camera. Safe to call again: the camera before is stopped. */
export async function startCamera(source: CameraSource): Promise<void> {
  const hadCamera = getState().status.name === 'ready'
  stopCamera()
  attempt += 1
  if (source === 'simulated') {
    simulated = new SimulatedCamera(getState().subject)
    setState({ source, status: { name: 'ready', stream: simulated.stream } })
    return
  }
  setState({ source, status: { name: 'starting' } })
  navigator.mediaDevices.addEventListener('devicechange', onDeviceChange)
  await openDevice(attempt, hadCamera)
}

export function stopCamera(): void {
  attempt += 1
  clearTimeout(retryTimer)
  navigator.mediaDevices?.removeEventListener('devicechange', onDeviceChange)
  const { status } = getState()
  if (status.name === 'ready') for (const track of status.stream.getTracks()) track.stop()
  simulated?.stop()
  simulated = undefined
  setState({ status: { name: 'off' } })
}

export async function chooseDevice(deviceId: string): Promise<void> {
  setState({ deviceId })
  await startCamera('camera')
}

/** Takes the camera of this name, now and whenever it is there. @param label null: any @param heightPx what the camera is asked for */
export function chooseCamera(label: string | null, heightPx: number): void {
  const { wanted, source, status } = getState()
  if (wanted.label === label && wanted.heightPx === heightPx) return
  setState({ wanted: { label, heightPx }, deviceId: undefined })
  if (status.name !== 'off' && source === 'camera') void startCamera('camera')
}

export function chooseSubject(subject: number): void {
  setState({ subject })
  simulated?.setSubject(subject)
}

/** The drawn subject makes a movement; nobody asks a person this way. */
export function performMovement(step: ChallengeStep): void {
  simulated?.perform(step).catch(() => undefined)
}

async function openDevice(mine: number, hadCamera: boolean): Promise<void> {
  const { wanted, devices } = getState()
  const deviceId = getState().deviceId ?? devices.find(({ label }) => label !== '' && label === wanted.label)?.id
  try {
    const { heightPx } = wanted
    const video = {
      width: { ideal: Math.round((heightPx * 16) / 9) },
      height: { ideal: heightPx },
      ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
    }
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false })
    if (mine !== attempt) {
      for (const track of stream.getTracks()) track.stop()
      return
    }
    stream.getVideoTracks()[0]?.addEventListener('ended', () => {
      if (mine === attempt) fall('unplugged', mine)
    })
    setState({ status: { name: 'ready', stream } })
    await listDevices()
    // Names of cameras are known only once one was allowed.
    const named = getState().devices.find(({ label }) => label !== '' && label === wanted.label)?.id
    const taken = stream.getVideoTracks()[0]?.getSettings().deviceId
    if (mine === attempt && getState().deviceId === undefined && named !== undefined && named !== taken) await chooseDevice(named)
  } catch (error) {
    if (mine !== attempt) return
    // A chosen camera that is gone gives way to any other.
    if (deviceId !== undefined) setState({ deviceId: undefined })
    fall(troubleOf(error, hadCamera), mine)
  }
}

function fall(trouble: CameraTrouble, mine: number): void {
  setState({ status: { name: 'trouble', trouble } })
  if (!recoversByItself(trouble)) return
  retryTimer = setTimeout(() => {
    if (mine === attempt) void openDevice(mine, trouble === 'unplugged')
  }, retryMs)
}

function onDeviceChange(): void {
  void listDevices()
  const { status } = getState()
  if (status.name !== 'trouble') return
  clearTimeout(retryTimer)
  void openDevice(attempt, status.trouble === 'unplugged')
}

async function listDevices(): Promise<void> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  setState({
    devices: devices.filter((device) => device.kind === 'videoinput').map((device) => ({ id: device.deviceId, label: device.label })),
  })
}
