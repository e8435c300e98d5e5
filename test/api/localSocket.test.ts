import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Actor } from '../../src/contract/records.ts'
import { attach } from '../../src/doors/socket/client.ts'
import { openLocalDoor } from '../../src/doors/socket/localDoor.ts'
import { openSocketDoor, type SocketDoor } from '../../src/doors/socket/socketDoor.ts'
import { FakeStation, makePageFolders } from './fakeStation.ts'
import { connectWire } from './wireClient.ts'

const command: Actor = { role: 'administrator', door: 'command' }
/** Above the largest process id of Linux. */
const deadPid = 2 ** 22 + 1

let folders: ReturnType<typeof makePageFolders>
let station: FakeStation
let door: SocketDoor | undefined

beforeEach(() => {
  folders = makePageFolders()
  station = new FakeStation(({ input }) => input)
})

afterEach(async () => {
  await door?.close()
  door = undefined
  folders.remove()
})

const open = async (dataFolder = folders.dataFolder) => {
  door = await openSocketDoor({ ...folders, dataFolder, station, log: () => undefined })
  return door
}
const noteOf = (dataFolder: string) => JSON.parse(readFileSync(join(dataFolder, 'station.json'), 'utf8'))

describe('a command', () => {
  test('attaches to the station that runs on the folder, and to none where none runs', async () => {
    expect(await attach(folders.dataFolder)).toBeUndefined()
    await open()
    const runner = await attach(folders.dataFolder)
    expect(await runner?.run('subject.list', { bytes: new Uint8Array([7]) }, command)).toEqual({
      ok: true,
      value: { bytes: new Uint8Array([7]) },
    })
    expect(await runner?.run('no.such', {}, command)).toMatchObject({ ok: false, refusal: { code: 'request.unknown' } })
    await runner?.run('subject.list', {}, { role: 'client', door: 'rest' })
    expect(station.calls.map(({ actor }) => actor)).toEqual([command, command, { role: 'client', door: 'rest' }])
    runner?.close()
  })

  test('asks for a new address of the window', async () => {
    const { origin } = await open()
    const runner = await attach(folders.dataFolder)
    const address = new URL((await runner?.singleUseAddress()) ?? '')
    expect(address.origin).toBe(origin)
    expect(await connectWire(origin, address.hash.slice('#key='.length))).not.toBeTypeOf('number')
    runner?.close()
  })

  test('of a station without a window learns that it shows none', async () => {
    const local = await openLocalDoor({ dataFolder: folders.dataFolder, station, log: () => undefined })
    const runner = await attach(folders.dataFolder)
    expect(await runner?.run('subject.list', {}, command)).toMatchObject({ ok: true })
    await expect(runner?.singleUseAddress()).rejects.toMatchObject({ code: 'request.unknown' })
    await local.close()
    expect(readdirSync(folders.dataFolder)).toEqual([])
  })

  test('gets a refusal, not an exception, when the station ends under it', async () => {
    const opened = await open()
    const runner = await attach(folders.dataFolder)
    await opened.close()
    door = undefined
    expect(await runner?.run('subject.list', {}, command)).toMatchObject({ ok: false, refusal: { code: 'station.unreachable' } })
  })
})

describe('the note and the local socket', () => {
  test('are for their owner only, and gone when the door has closed', async () => {
    const opened = await open()
    const note = join(folders.dataFolder, 'station.json')
    expect(statSync(folders.dataFolder).mode & 0o777).toBe(0o700)
    expect(statSync(note).mode & 0o777).toBe(0o600)
    expect(statSync(noteOf(folders.dataFolder).path).mode & 0o777).toBe(0o600)
    expect(noteOf(folders.dataFolder)).toMatchObject({ pid: process.pid })
    await opened.close()
    door = undefined
    expect(readdirSync(folders.dataFolder)).toEqual([])
  })

  test('stand in a private folder of their own where the data path is too long for a socket', async () => {
    const long = join(folders.root, 'x'.repeat(120))
    const opened = await open(long)
    const folder = dirname(noteOf(long).path)
    expect(dirname(folder)).toBe(tmpdir())
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    const runner = await attach(long)
    expect(await runner?.run('subject.list', {}, command)).toMatchObject({ ok: true })
    runner?.close()
    await opened.close()
    door = undefined
    expect(existsSync(folder)).toBe(false)
  })

  test('a second station on the folder is refused and harms nothing', async () => {
    await open()
    await expect(openSocketDoor({ ...folders, station, log: () => undefined })).rejects.toMatchObject({ code: 'vault.inUse' })
    const runner = await attach(folders.dataFolder)
    expect(await runner?.run('subject.list', {}, command)).toMatchObject({ ok: true })
    runner?.close()
  })

  test('of two stations that come at the same moment one is announced, and keeps its socket when the other is refused', async () => {
    const options = { dataFolder: folders.dataFolder, station, log: () => undefined }
    const opened = await Promise.allSettled([openLocalDoor(options), openLocalDoor(options)])
    expect(opened.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(opened.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'vault.inUse' } })
    const runner = await attach(folders.dataFolder)
    expect(await runner?.run('subject.list', {}, command)).toMatchObject({ ok: true })
    runner?.close()
    for (const door of opened) if (door.status === 'fulfilled') await door.value.close()
    expect(readdirSync(folders.dataFolder)).toEqual([])
  })

  test('of a process that lives but does not answer are taken over', async () => {
    mkdirSync(folders.dataFolder)
    const note = { pid: process.ppid, path: join(folders.dataFolder, 'station-00000000.sock'), token: 't'.repeat(43), started: '' }
    writeFileSync(join(folders.dataFolder, 'station.json'), JSON.stringify(note))
    await open()
    expect(noteOf(folders.dataFolder).pid).toBe(process.pid)
  })

  test('what a dead station left is ignored and swept', async () => {
    mkdirSync(folders.dataFolder)
    const path = join(folders.dataFolder, 'station-00000000.sock')
    writeFileSync(path, '')
    const note = { pid: deadPid, path, token: 't'.repeat(43), started: new Date().toISOString() }
    writeFileSync(join(folders.dataFolder, 'station.json'), JSON.stringify(note))
    expect(await attach(folders.dataFolder)).toBeUndefined()
    await open()
    expect(noteOf(folders.dataFolder).pid).toBe(process.pid)
    expect(existsSync(path)).toBe(false)
  })

  test.each(['', 'null', '{}', '{"pid":1}', '[', '"x"', 'x'.repeat(5000)])('a note that is none is ignored: %.20s', async (content) => {
    mkdirSync(folders.dataFolder)
    writeFileSync(join(folders.dataFolder, 'station.json'), content)
    expect(await attach(folders.dataFolder)).toBeUndefined()
    await open()
    expect(noteOf(folders.dataFolder).pid).toBe(process.pid)
  })

  test('the local socket lets nobody in without the token, and a wrong actor is refused', async () => {
    await open()
    const { path, token } = noteOf(folders.dataFolder)
    const upgrade = (offered: string) =>
      new Promise((resolve) => {
        const socket = new WebSocket('ws://localhost/', ['vultus.1', `key.${offered}`], { createConnection: () => connect(path) })
        socket.once('open', () => resolve(101))
        socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
        socket.once('close', () => resolve('closed'))
        socket.on('error', () => undefined)
      })
    expect(await upgrade('wrong')).toBe(403)
    expect(await upgrade(token)).toBe(101)
    const runner = await attach(folders.dataFolder)
    expect(await runner?.run('x', {}, { role: 'king', door: 'command' } as unknown as Actor)).toMatchObject({
      refusal: { code: 'request.invalid' },
    })
    runner?.close()
  })
})
