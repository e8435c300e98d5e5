/** Exposes the contract to Electron's window: calls, events, and the port of frames and live packets, paths of dropped files. Nothing else of Electron. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { EventName } from '../contract/events.ts'
import { type Bridge, ipcChannels, livePortMessage, simulatedCameraArgument } from '../contract/wire.ts'

const bridge: Bridge = {
  welcome: { shell: 'electron', simulatedCamera: process.argv.includes(simulatedCameraArgument) },
  run: (name, input) => ipcRenderer.invoke(ipcChannels.run, name, input),
  onEvent: (listener) => {
    const hear = (_event: unknown, name: EventName, payload: unknown) => listener(name, payload)
    ipcRenderer.on(ipcChannels.event, hear)
    return () => {
      ipcRenderer.removeListener(ipcChannels.event, hear)
    }
  },
  pathOf: (file) => webUtils.getPathForFile(file),
  requestLivePort: () => ipcRenderer.send(ipcChannels.livePort),
}

// A port cannot cross the bridge; it goes to the page as a message to its own window.
ipcRenderer.on(ipcChannels.livePort, (event) => window.postMessage(livePortMessage, window.location.origin, [...event.ports]))

contextBridge.exposeInMainWorld('vultusBridge', bridge)
