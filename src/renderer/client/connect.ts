/** Connects the window with its station, whichever shell it runs in. */
import { type Bridge, wirePath } from '../../contract/wire.ts'
import { BridgeClient } from './bridgeClient.ts'
import type { StationClient } from './client.ts'
import { SocketClient } from './socketClient.ts'
import { type TokenPlace, tokenSourceOf } from './token.ts'

/**
 * The one client of this window. Resolves when the link is ready or lost (see its state); it never rejects.
 * Called once, before anything else reads the address.
 */
export async function connectStation(): Promise<StationClient> {
  const bridge = (window as { vultusBridge?: Bridge }).vultusBridge
  if (bridge !== undefined) return new BridgeClient(bridge, window)
  const client = new SocketClient(`ws://${location.host}${wirePath}`, tokenSourceOf(window as unknown as TokenPlace))
  await firstState(client)
  return client
}

function firstState(client: StationClient): Promise<void> {
  if (client.state.name !== 'connecting') return Promise.resolve()
  return new Promise((resolve) => {
    const end = client.onState((state) => {
      if (state.name === 'connecting') return
      end()
      resolve()
    })
  })
}
