/** A byte search of everything that a working station leaves on the disk: data folder, home, temporary folder, logs. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { drawPortrait } from '../../src/face/drawing.ts'
import { folderOfTests } from '../support/folderOfTests.ts'
import { ended, firstLine, start } from '../support/program.ts'

const name = 'Wilhelmina Quetzalcoatl'
const id = 'SECRET-ID-90210'
const passphrase = 'a passphrase that is looked for'
const windowBytes = 16

const root = folderOfTests()
const place = (...parts: string[]) => join(root, ...parts)

function begin(...argv: string[]) {
  const env = { PATH: process.env.PATH, HOME: place('home'), TMPDIR: place('tmp'), VULTUS_PASSPHRASE: passphrase }
  return start([...argv, '--data', place('data'), '--json'], { env, detached: true })
}

/** Runs a command to its end. @returns its one JSON object */
async function vultus(...argv: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, json } = await ended(begin(...argv))
  expect(code, stdout).toBe(0)
  return json
}

/** Whether any 16 bytes in a row of the secret stand in the file; every window of the file is looked up. */
function holdsPartOf(file: Buffer, windows: ReadonlySet<string>): boolean {
  const text = file.toString('latin1')
  for (let at = 0; at + windowBytes <= text.length; at++) if (windows.has(text.slice(at, at + windowBytes))) return true
  return false
}

/** Every window of a secret that is not all the same byte (runs of zeros are in every file). */
function windowsOf(secret: Buffer): Set<string> {
  const text = secret.toString('latin1')
  const windows = new Set<string>()
  for (let at = 0; at + windowBytes <= text.length; at++) {
    const window = text.slice(at, at + windowBytes)
    if (new Set(window).size > 4) windows.add(window)
  }
  return windows
}

function leaks(secrets: { text: readonly string[]; bytes: readonly Buffer[] }): { files: number; found: string[] } {
  const found: string[] = []
  const windows = new Set(secrets.bytes.flatMap((bytes) => [...windowsOf(bytes)]))
  let files = 0
  for (const part of ['data', 'home', 'tmp']) {
    for (const entry of readdirSync(place(part), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const bytes = readFileSync(path)
      files++
      for (const text of secrets.text) {
        if (bytes.includes(Buffer.from(text)) || bytes.includes(Buffer.from(text, 'utf16le'))) found.push(`${path}: ${text}`)
      }
      if (holdsPartOf(bytes, windows)) found.push(`${path}: part of a picture or template`)
    }
  }
  return { files, found }
}

beforeAll(async () => {
  for (const part of ['data', 'home', 'tmp', 'in']) mkdirSync(place(part))
  writeFileSync(place('in', 'portrait.jpg'), await drawPortrait(0, 0))
})

it('finds no name, no id, no passphrase, no picture and no template, while it runs, after a kill and after a clean end', async () => {
  const portrait = place('in', 'portrait.jpg')
  await vultus('init', '--key', 'passphrase')
  const station = begin('serve')
  await firstLine(station)
  await vultus('enrol', '--id', id, '--name', name, portrait)
  await vultus('verify', '--id', id, portrait)
  await vultus('identify', portrait)
  const { embedding } = await vultus('embed', portrait)
  const template = Float32Array.from((embedding as { embedding: number[] }).embedding)
  const asText = Buffer.from([...template].slice(0, 4).join(','))
  const secrets = {
    text: [name, id, passphrase],
    bytes: [Buffer.from(template.buffer), asText, readFileSync(portrait)],
  }
  // The search can find: the same secrets in a file of their own are seen.
  writeFileSync(place('tmp', 'planted'), Buffer.concat([Buffer.from('xx'), Buffer.from(template.buffer).subarray(40, 60)]))
  writeFileSync(place('home', 'planted'), Buffer.from(name, 'utf16le'))
  expect(leaks(secrets).found.length).toBe(2)
  rmSync(place('tmp', 'planted'))
  rmSync(place('home', 'planted'))

  expect(leaks(secrets).found).toEqual([])
  process.kill(-station.pid!, 'SIGKILL')
  await new Promise((done) => station.once('close', done))
  const killed = leaks(secrets)
  expect(killed.found).toEqual([])
  expect(killed.files).toBeGreaterThanOrEqual(3)
  // The vault is taken over by the next command, the rest of what the kill left by the next station, which ends cleanly.
  expect((await vultus('subjects')).subjects).toMatchObject([{ id, name }])
  const next = begin('serve')
  await firstLine(next)
  next.kill('SIGTERM')
  expect(await new Promise((done) => next.once('close', done))).toBe(0)
  expect(leaks(secrets).found).toEqual([])
  expect(readdirSync(place('data')).sort()).toEqual(['vault.db', 'vault.json'])
  expect(readdirSync(place('tmp'), { recursive: true })).toEqual([])
  expect(readdirSync(place('home'), { recursive: true })).toEqual([])
})
