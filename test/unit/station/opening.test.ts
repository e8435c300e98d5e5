/** What may fail or come late while a station opens and closes. The children are in memory; the vault is a real one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStation } from '../../../src/station/station.ts'
import { VaultHolder } from '../../../src/station/vaultHolder.ts'
import { initVault, openVault } from '../../../src/vault/open.ts'
import { codeOf } from '../../support/codeOf.ts'
import { FakeChild } from '../../support/fakeChild.ts'

const passphrase = 'a passphrase for tests'
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vultus-test-'))
  const vault = await initVault({ folder, key: 'passphrase', passphrase, kind: 'real', nowMs: Date.now })
  vault.close()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const holderOf = (given: string | undefined) => new VaultHolder({ folder, passphrase: given, onOpen: () => undefined })

test('a face process that ends while the vault opens is told to whoever warms the station, and to nobody else', async () => {
  const unhandled: unknown[] = []
  const hear = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', hear)
  const spawn = () => {
    const child = new FakeChild()
    child.kill()
    return child
  }
  const station = openStation({ dataFolder: folder, packsFolder: folder, version: '0.0.0', spawn, passphrase, log: () => undefined })
  expect(await codeOf(station.warm())).toBe('process.restarted')
  await station.close()
  process.off('unhandledRejection', hear)
  expect(unhandled).toEqual([])
})

test('a vault whose opening was under way when the holder was closed is closed too', async () => {
  const holder = holderOf(passphrase)
  const opening = holder.need()
  await holder.close()
  await opening
  expect(holder.opened).toBeUndefined()
  expect(await codeOf(holder.need())).toBe('process.unavailable')
  const again = await openVault({ folder, passphrase, nowMs: Date.now })
  again.close()
})

test('callers that wait for one opening get one vault, told of once', async () => {
  let opened = 0
  const holder = new VaultHolder({ folder, passphrase, onOpen: () => opened++ })
  const [first, second] = await Promise.all([holder.need(), holder.need()])
  expect(first).toBe(second)
  expect(opened).toBe(1)
  await holder.close()
})

test('a wrong passphrase is remembered as the reason until somebody unlocks with the right one', async () => {
  const holder = holderOf('not the passphrase')
  expect(await codeOf(holder.need())).toBe('vault.wrongKey')
  expect((await holder.status()).problem?.code).toBe('vault.wrongKey')
  await holder.unlock(passphrase)
  expect((await holder.status()).state).toBe('open')
  await holder.close()
})
