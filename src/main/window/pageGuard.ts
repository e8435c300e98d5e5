/**
 * Keeps the window's page on the station and hands it its tokens, over the browser's pipe.
 * 1. A token goes to the main world of the window's own main frame, and only while that frame shows exactly our origin.
 * 2. A page that leaves our origin is brought back; any other page is closed.
 */
import { hostBinding, tokenReceiver } from '../../contract/wire.ts'
import type { DevtoolsPipe } from './devtoolsPipe.ts'

export interface PageGuardOptions {
  readonly pipe: DevtoolsPipe
  readonly origin: string
  readonly mintToken: () => Promise<string> | string
  readonly log: (line: string) => void
}

interface Context {
  readonly id: number
  readonly uniqueId: string
  readonly origin: string
  readonly auxData?: { readonly isDefault?: boolean; readonly frameId?: string }
}
interface TargetInfo {
  readonly targetId: string
  readonly type: string
  readonly url: string
}

const reloadsMax = 3

/** Takes over the first page of a browser and loads the station in it. @throws Error where the browser ends before */
export async function guardPage(options: PageGuardOptions): Promise<void> {
  const { pipe, origin, log } = options
  const first = await firstPageOf(pipe)
  const { sessionId } = (await pipe.call('Target.attachToTarget', { targetId: first.targetId, flatten: true })) as { sessionId: string }
  const contexts = new Map<number, Context>()
  const ours = (context: Context | undefined): context is Context =>
    context?.origin === origin && context.auxData?.isDefault === true && context.auxData.frameId === first.targetId

  pipe.on('Runtime.executionContextCreated', ({ context }) => contexts.set((context as Context).id, context as Context))
  pipe.on('Runtime.executionContextDestroyed', ({ executionContextId }) => contexts.delete(executionContextId as number))
  pipe.on('Runtime.executionContextsCleared', () => contexts.clear())
  pipe.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    const context = contexts.get(executionContextId as number)
    if (name !== hostBinding || payload !== 'token' || !ours(context)) return
    // The unique id is never used again: a page that came since does not get the token.
    void handToken(options, context.uniqueId, sessionId).catch(() => log('window: a token could not be handed over'))
  })
  let reloads = 0
  pipe.on('Inspector.targetCrashed', () => {
    reloads += 1
    log('window: the page crashed')
    if (reloads <= reloadsMax) void pipe.call('Page.reload', {}, sessionId).catch(() => undefined)
    else void pipe.call('Browser.close').catch(() => undefined)
  })
  const keepToOurs = ({ targetInfo }: Readonly<Record<string, unknown>>) => {
    const { targetId, type, url } = targetInfo as TargetInfo
    if (type !== 'page') return
    if (targetId !== first.targetId) return void pipe.call('Target.closeTarget', { targetId }).catch(() => undefined)
    if (isOurs(url, origin) || url === first.url) return
    log('window: the page left the station and was brought back')
    void pipe.call('Page.navigate', { url: origin }, sessionId).catch(() => undefined)
  }
  pipe.on('Target.targetCreated', keepToOurs)
  pipe.on('Target.targetInfoChanged', keepToOurs)
  await pipe.call('Inspector.enable', {}, sessionId)
  await pipe.call('Runtime.enable', {}, sessionId)
  await pipe.call('Runtime.addBinding', { name: hostBinding }, sessionId)
  await pipe.call('Page.navigate', { url: `${origin}/` }, sessionId)
}

async function handToken({ pipe, mintToken }: PageGuardOptions, uniqueContextId: string, sessionId: string): Promise<void> {
  const expression = `globalThis[${JSON.stringify(tokenReceiver)}]?.(${JSON.stringify(await mintToken())})`
  await pipe.call('Runtime.evaluate', { expression, uniqueContextId }, sessionId)
}

function firstPageOf(pipe: DevtoolsPipe): Promise<TargetInfo> {
  return new Promise((resolve, reject) => {
    pipe.on('Target.targetCreated', ({ targetInfo }) => {
      if ((targetInfo as TargetInfo).type === 'page') resolve(targetInfo as TargetInfo)
    })
    // Tells of the targets that are there, then of every new one.
    pipe.call('Target.setDiscoverTargets', { discover: true }).catch(reject)
  })
}

function isOurs(url: string, origin: string): boolean {
  return URL.canParse(url) && new URL(url).origin === origin
}
