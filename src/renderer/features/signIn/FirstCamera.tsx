/** The camera before the desk is there: its picture, and which one it is. Nothing of it is looked at yet. */
import { useEffect } from 'react'
import { startCamera, stopCamera, useCamera } from '../../camera/camera.ts'
import { liveFeed } from '../../live/live.ts'
import { CameraCard } from '../settings/CameraCard.tsx'

export function FirstCamera() {
  const stream = useCamera(({ status }) => (status.name === 'ready' ? status.stream : undefined))
  useEffect(() => {
    void startCamera('camera')
    return stopCamera
  }, [])
  useEffect(() => {
    liveFeed.setStream(stream)
    return () => liveFeed.setStream(undefined)
  }, [stream])
  return <CameraCard />
}
