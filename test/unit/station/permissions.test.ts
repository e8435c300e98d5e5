/** Every procedure x role x door against a table written by hand, on a real vault with real accounts. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../../src/contract/errors.ts'
import type { Row } from '../../../src/contract/row.ts'
import { type ProcedureName, procedureNames, procedures } from '../../../src/contract/table.ts'
import { ipcChannels } from '../../../src/contract/wire.ts'
import { Caller } from '../../../src/doors/caller.ts'
import { commandRows } from '../../../src/doors/command/run.ts'
import { type IpcEvent, type IpcMain, openIpcDoor } from '../../../src/doors/ipc/ipcDoor.ts'
import { openRestDoor } from '../../../src/doors/rest/server.ts'
import { makeToken } from '../../../src/doors/rest/token.ts'
import { attach } from '../../../src/doors/socket/client.ts'
import { openSocketDoor } from '../../../src/doors/socket/socketDoor.ts'
import type { CallerIdentity, Runner, Station } from '../../../src/station/api.ts'
import { connectWire } from '../../api/wireClient.ts'
import { folderOfTests } from '../../support/folderOfTests.ts'
import { runFake } from '../../support/runFake.ts'
import { stationWithoutProcesses } from '../../support/stationWithoutProcesses.ts'
import { commandLines, permissions } from './permissions.table.ts'

const passphrase = 'a passphrase for tests'
const roles = ['operator', 'supervisor', 'auditor', 'administrator'] as const
const letters = { operator: 'O', supervisor: 'S', auditor: 'A', administrator: 'X', client: 'C', nobody: 'n' } as const
type Who = keyof typeof letters
const nameOf = (role: string) => `The ${role}`
const secretOf = (role: string) => `password of the ${role}`
/** No input schema takes a number, so a call that may be made is refused for its input and has no effect. */
const noInput = 0

type Verdict = 'may' | 'signIn.required' | 'permission.denied'
const expected = (name: string, who: Who): Verdict => {
  if (permissions[name]?.includes(letters[who])) return 'may'
  return who === 'nobody' ? 'signIn.required' : 'permission.denied'
}
const verdictOf = (code: string | undefined): Verdict => (code === 'signIn.required' || code === 'permission.denied' ? code : 'may')

const folder = folderOfTests()
let station: Station

async function verdict(runner: Runner, name: string, identity: CallerIdentity): Promise<Verdict> {
  const outcome = await runner.run(name, noInput, identity)
  if (outcome.ok) throw new Error(`${name} took a number`)
  return verdictOf(outcome.refusal.code)
}

/** A connection at which somebody is signed in, as the doors make them. */
async function connection(who: Who, door: CallerIdentity['door'] = 'command'): Promise<Caller> {
  const caller = new Caller(station, door)
  if (who !== 'nobody' && who !== 'client') {
    unwrap(await caller.run('operator.signIn', { name: nameOf(who), secret: secretOf(who) }, { role: 'administrator', door }))
  }
  return caller
}

beforeAll(async () => {
  writeFileSync(join(folder, 'picture.jpg'), 'bytes of a picture')
  writeFileSync(join(folder, 'form.json'), '{}')
  station = stationWithoutProcesses({ dataFolder: join(folder, 'data'), passphrase })
  const first: CallerIdentity = { role: 'administrator', door: 'command' }
  unwrap(await station.run('vault.init', { key: 'passphrase', kind: 'real' }, first))
  const add = (role: string, identity: CallerIdentity) =>
    station.run('operator.add', { name: nameOf(role), role, secret: secretOf(role) }, identity)
  unwrap(await add('administrator', first))
  const { session } = unwrap(
    await station.run('operator.signIn', { name: nameOf('administrator'), secret: secretOf('administrator') }, first),
  ) as { session: string }
  for (const role of roles) if (role !== 'administrator') unwrap(await add(role, { ...first, session }))
}, 120_000)

afterAll(() => station?.close())

describe('the table', () => {
  it('has a line for every procedure, and no other', () => {
    expect(Object.keys(permissions).sort()).toEqual([...procedureNames].sort())
    expect(Object.keys(commandLines).sort()).toEqual(
      commandRows()
        .map(({ name }) => name)
        .sort(),
    )
  })

  it('is what the rows say', () => {
    const written = (row: Row) =>
      [...Object.entries(letters)]
        .map(([who, letter]) => (row.roles.includes(who as never) || (who === 'nobody' && row.signIn === 'none') ? letter : ''))
        .join('')
    for (const name of procedureNames) expect([name, written(procedures[name])]).toEqual([name, permissions[name]])
  })

  it('every input schema refuses a number, so that the walk has no effect', () => {
    for (const name of procedureNames) expect(procedures[name].input.safeParse(noInput).success, name).toBe(false)
  })
})

describe('every procedure x role', () => {
  const doors = ['ipc', 'socket', 'command'] as const
  it.each(doors.flatMap((door) => [...roles, 'nobody' as const].map((who) => [door, who] as const)))('at %s as %s', async (door, who) => {
    const caller = await connection(who, door)
    // What the door says of the role counts for nothing any more.
    for (const claimed of ['administrator', who] as const) {
      for (const name of procedureNames)
        expect([name, await verdict(caller, name, { role: claimed, door })]).toEqual([name, expected(name, who)])
    }
    caller.end()
  })

  it.each(roles)('a service that %s opened', async (role) => {
    const caller = await connection(role)
    const who = role === 'administrator' ? 'client' : 'nobody'
    for (const name of procedureNames) {
      expect([name, await verdict(caller, name, { role: 'client', door: 'rest' })]).toEqual([name, expected(name, who)])
    }
    caller.end()
  })

  it('a locked window and one that was signed out have no more rights than nobody', async () => {
    const caller = await connection('administrator', 'socket')
    const identity = { role: 'administrator', door: 'socket' } as const
    for (const leave of ['operator.lock', 'operator.signOut']) {
      unwrap(await caller.run(leave, {}, identity))
      for (const name of procedureNames)
        expect([leave, name, await verdict(caller, name, identity)]).toEqual([leave, name, expected(name, 'nobody')])
    }
  })

  it('a made-up session is nobody', async () => {
    const identity = { role: 'administrator', door: 'ipc', session: Buffer.alloc(32).toString('base64url') } as const
    for (const name of procedureNames) expect(await verdict(station, name, identity)).toBe(expected(name, 'nobody'))
  })
})

describe('over the wire', () => {
  it('the socket of a window', async () => {
    writeFileSync(join(folder, 'index.html'), '')
    const door = await openSocketDoor({ station, rendererFolder: folder, dataFolder: join(folder, 'data'), log: () => undefined })
    try {
      for (const who of [...roles, 'nobody'] as const) {
        const wire = await connectWire(door.origin, door.mintToken())
        if (typeof wire === 'number') throw new Error(`refused with ${wire}`)
        if (who !== 'nobody') {
          const answer = await wire.call('operator.signIn', { name: nameOf(who), secret: secretOf(who) })
          // The session stays at the door.
          expect(answer).toEqual({ ok: true, value: { name: nameOf(who), role: who } })
        }
        for (const name of procedureNames) {
          const { refusal } = await wire.call(name, noInput)
          expect([who, name, verdictOf(refusal?.code)]).toEqual([who, name, expected(name, who)])
        }
        wire.socket.close()
        await wire.closed
      }
      await localSocketWalk()
    } finally {
      await door.close()
    }
  })

  /** Commands that attach to the running station; their connection signs in. */
  async function localSocketWalk(): Promise<void> {
    for (const who of [...roles, 'nobody'] as const) {
      const attached = await attach(join(folder, 'data'))
      if (attached === undefined) throw new Error('no station to attach to')
      const identity = { role: 'administrator', door: 'command' } as const
      if (who !== 'nobody') unwrap(await attached.run('operator.signIn', { name: nameOf(who), secret: secretOf(who) }, identity))
      for (const name of procedureNames)
        expect([who, name, await verdict(attached, name, identity)]).toEqual([who, name, expected(name, who)])
      attached.close()
    }
  }

  it('the ports of Electron', async () => {
    let handle: (event: IpcEvent, ...parameters: unknown[]) => Promise<unknown> = async () => undefined
    const ipc: IpcMain = {
      handle: (channel, listener) => {
        if (channel === ipcChannels.run) handle = listener
      },
      on: () => undefined,
      removeHandler: () => undefined,
      removeAllListeners: () => undefined,
    }
    const newChannel = () => ({ port1: undefined, port2: undefined })
    const door = openIpcDoor({ station, ipc, pageBase: 'app://station/', newChannel, log: () => undefined })
    for (const [index, who] of ([...roles, 'nobody'] as const).entries()) {
      const contents = { id: index, send: () => undefined, postMessage: () => undefined, isDestroyed: () => false, on: () => undefined }
      door.admit(contents)
      const event: IpcEvent = { sender: { id: index }, senderFrame: { url: 'app://station/index.html', parent: null } }
      const call = async (name: string, input: unknown) => (await handle(event, name, input)) as { ok: boolean; refusal?: { code: string } }
      if (who !== 'nobody') expect((await call('operator.signIn', { name: nameOf(who), secret: secretOf(who) })).ok).toBe(true)
      for (const name of procedureNames) {
        expect([who, name, verdictOf((await call(name, noInput)).refusal?.code)]).toEqual([who, name, expected(name, who)])
      }
    }
    door.close()
  })

  it('REST, with a service opened by each role and by nobody', async () => {
    for (const role of [...roles, 'nobody'] as const) {
      const caller = await connection(role)
      const token = makeToken()
      const door = await openRestDoor({ run: (...parameters) => caller.run(...parameters) }, { port: 0, token, log: () => undefined })
      try {
        for (const [name, row] of Object.entries(procedures as Readonly<Record<string, Row>>)) {
          if (row.rest === undefined) continue
          const { method, path } = row.rest
          const body =
            method === 'POST' ? { body: '{"image": "AAAA", "operations": 0}', headers: { 'content-type': 'application/json' } } : {}
          const answer = await fetch(`${door.address}${path.replace(':id', 'no id')}`, {
            method,
            ...body,
            headers: { ...body.headers, authorization: `Bearer ${token}` },
          })
          const { error, message } = (await answer.json()) as { error?: { code: string }; message?: string }
          const refused = answer.status === 401 ? 'signIn.required' : answer.status === 403 ? 'permission.denied' : error?.code
          expect([role, name, verdictOf(refused), message]).toEqual([
            role,
            name,
            expected(name, role === 'administrator' ? 'client' : 'nobody'),
            message,
          ])
        }
      } finally {
        await door.close()
        caller.end()
      }
    }
  })
})

describe('the command line', () => {
  /** A station that is asked for the procedure with no input, and that makes captures of nothing; closing it leaves it open. */
  const emptied = (asked: ProcedureName): Station => ({
    ...(Object.fromEntries(
      ['onEvent', 'pushFrame', 'onLive', 'connectLive', 'warm'].map((name) => [name, () => undefined]),
    ) as unknown as Station),
    run: async (name, input, identity) => {
      if (name === asked) return station.run(name, noInput, identity)
      if (name === 'capture.fromPicture') return { ok: true, value: { captureId: 'capture-of-nothing' } }
      return station.run(name, input, identity)
    },
    close: async () => undefined,
  })

  it.each([...roles, 'nobody'] as const)(
    'as %s',
    async (who) => {
      for (const [name, line] of Object.entries(commandLines)) {
        const words = line
          .split(' ')
          .map((word) => word.replace('PICTURE', join(folder, 'picture.jpg')).replace('FORM', join(folder, 'form.json')))
        const as = who === 'nobody' ? [] : ['--as', nameOf(who)]
        const secrets = { passphrase, password: secretOf(who), newPassword: 'never set by this test', recoveryKey: '0000'.repeat(14) }
        const ran = await runFake([...words, ...as, '--json'], {
          station: emptied(name as ProcedureName),
          open: () => emptied(name as ProcedureName),
          ...secrets,
        })
        const { code } = ran.json().error
        expect([name, verdictOf(code), code]).toEqual([name, expected(name, who), code])
        if (expected(name, who) === 'may') expect(code).toBe('request.invalid')
        else expect(ran.code).toBe(8)
      }
    },
    120_000,
  )

  it('a wrong password, an unknown name and a missing password are refused before anything is asked', async () => {
    const run = (as: string, password: string | undefined) =>
      runFake(['subjects', '--as', as, '--json'], { open: () => emptied('subject.list'), password })
    expect((await run(nameOf('auditor'), 'not the password')).json().error.code).toBe('signIn.wrong')
    expect((await run('Nobody of this name', 'not the password')).json().error.code).toBe('signIn.wrong')
    // The wait grows with each wrong try, so that a slow machine meets it, too.
    const codes: string[] = []
    while (codes.length < 4 && codes.at(-1) !== 'signIn.wait') {
      codes.push((await run(nameOf('auditor'), 'not the password')).json().error.code)
    }
    expect(codes.at(-1)).toBe('signIn.wait')
    expect((await run(nameOf('operator'), undefined)).json().error.detail).toContain('VULTUS_PASSWORD')
  })
})
