import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listPageFiles } from '../../../src/doors/pageFiles.ts'
import { electronOptionsOf } from '../../../src/main/electronOptions.ts'
import { answerPage, guardContents, isPermitted } from '../../../src/main/electronRules.ts'
import { spawnUtilityFrom } from '../../../src/main/spawnUtility.ts'
import { makePageFolders } from '../../api/fakeStation.ts'

describe('pages', () => {
  let folders: ReturnType<typeof makePageFolders>
  beforeAll(() => {
    folders = makePageFolders()
  })
  afterAll(() => folders.remove())
  const answer = (url: string, method = 'GET') => answerPage({ url, method }, listPageFiles(folders.rendererFolder))

  test('are answered with the headers of every window', async () => {
    const response = await answer('app://station/index.html')
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<title>Vultus</title>')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  test.each([
    'app://station/secret.html',
    'app://station/../secret.html',
    'app://station/%2e%2e/secret.html',
    'app://station/..%2fsecret.html',
    'app://other/index.html',
    'app://station.example/index.html',
  ])('nothing else is: %s', async (url) => {
    expect((await answer(url)).status).toBe(404)
  })

  test('only to be read', async () => {
    expect((await answer('app://station/', 'POST')).status).toBe(405)
  })

  test('a folder without a page names the fix', () => {
    expect(() => listPageFiles('/nowhere')).toThrow(/npm run build/)
  })
})

describe('permissions', () => {
  const asked = { permission: 'media', origin: 'app://station/', isMainFrame: true, media: ['video'] }
  test('the camera for our page, and nothing else', () => {
    expect(isPermitted(asked)).toBe(true)
    expect(isPermitted({ ...asked, origin: 'app://station' })).toBe(true)
    expect(isPermitted({ ...asked, media: ['video', 'audio'] })).toBe(false)
    expect(isPermitted({ ...asked, media: [] })).toBe(false)
    expect(isPermitted({ ...asked, isMainFrame: false })).toBe(false)
    expect(isPermitted({ ...asked, origin: 'app://station.example/' })).toBe(false)
    expect(isPermitted({ ...asked, permission: 'geolocation' })).toBe(false)
  })
})

test('a window cannot be led away, open others or embed views', () => {
  const listeners = new Map<string, (event: { url: string; preventDefault(): void }) => void>()
  let open: () => unknown = () => undefined
  guardContents({
    on: (event: string, listener: (event: never) => void) => listeners.set(event, listener as never),
    setWindowOpenHandler: (handler) => {
      open = handler
    },
  })
  const prevented = (event: string, url: string) => {
    const preventDefault = vi.fn()
    listeners.get(event)?.({ url, preventDefault })
    return preventDefault.mock.calls.length === 1
  }
  expect(prevented('will-frame-navigate', 'https://example.org/')).toBe(true)
  expect(prevented('will-frame-navigate', 'app://station.example/')).toBe(true)
  expect(prevented('will-frame-navigate', 'app://station/index.html')).toBe(false)
  expect(prevented('will-redirect', 'app://station/')).toBe(true)
  expect(prevented('will-attach-webview', 'app://station/')).toBe(true)
  expect(open()).toEqual({ action: 'deny' })
})

test("our options are found among Electron's and Chromium's", () => {
  expect(electronOptionsOf(['electron', '--no-sandbox', '/p/out/main/electron.js', '--data', '/d', '--demo'])).toEqual({
    data: '/d',
    demo: true,
  })
  expect(electronOptionsOf(['Vultus', '--remote-debugging-port=0'])).toEqual({ data: undefined, demo: false })
})

test('a utility process is a child like any other, and takes a port', () => {
  const posted: unknown[][] = []
  const listeners = new Map<string, ((parameter: never) => void)[]>()
  const fork = vi.fn(() => ({
    pid: 7,
    postMessage: (...parameters: unknown[]) => void posted.push(parameters),
    on: (event: string, listener: (parameter: never) => void) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    kill: () => true,
  }))
  process.env.VULTUS_TEST_SECRET = 'secret'
  const child = spawnUtilityFrom('/entries', fork)('face')
  delete process.env.VULTUS_TEST_SECRET
  expect(fork).toHaveBeenCalledWith('/entries/face.js', [], expect.objectContaining({ serviceName: 'vultus-face' }))
  expect(JSON.stringify(fork.mock.calls)).not.toContain('secret')
  expect(JSON.stringify(fork.mock.calls)).toContain('"ORT_DISABLE_TELEMETRY":"1"')
  child.passPort?.('port')
  child.post({ a: 1 })
  const codes: unknown[] = []
  child.onExit((code) => codes.push(code))
  for (const listener of listeners.get('exit') ?? []) listener(3 as never)
  child.post({ a: 2 })
  expect(posted).toEqual([[{ livePort: true }, ['port']], [{ a: 1 }]])
  expect(codes).toEqual([3])
})
