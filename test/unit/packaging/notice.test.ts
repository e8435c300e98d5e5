import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bundledInWindow, libraryList, withList } from '../../../bin/tools/notice.mjs'

const root = join(import.meta.dirname, '../../..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')

describe('NOTICE', () => {
  test('lists the libraries of the lock (else: node bin/tools/notice.mjs)', () => {
    const notice = read('NOTICE')
    expect(notice).toBe(withList(notice, libraryList(JSON.parse(read('package-lock.json')).packages)))
  })

  test('names what is shipped, what is built into the window, and no tool of the workshop', () => {
    const notice = read('NOTICE')
    for (const name of [...bundledInWindow, 'onnxruntime-node', 'fastify', 'better-sqlite3-multiple-ciphers'])
      expect(notice).toContain(`  ${name} `)
    for (const name of ['vitest', 'typescript', '@biomejs/biome']) expect(notice).not.toContain(`  ${name} `)
  })

  test('names the origin and licence of each model', () => {
    for (const words of ['MediaPipe', 'dlib', 'CC0-1.0', '@vladmandic/human', '@vladmandic/face-api'])
      expect(read('NOTICE')).toContain(words)
  })

  test('a library without a licence cannot be listed', () => {
    const shipped = Object.fromEntries(
      bundledInWindow.map((name) => [`node_modules/${name}`, { version: '1.0.0', license: 'MIT', dev: true }]),
    )
    expect(libraryList({ ...shipped, 'node_modules/a': { version: '2.0.0', license: 'ISC' } })).toContain('ISC\n  a 2.0.0\n')
    expect(() => libraryList({ ...shipped, 'node_modules/a': { version: '2.0.0' } })).toThrow('node_modules/a names no licence')
  })

  test('the licence is the whole Apache-2.0', () => {
    expect(read('LICENSE')).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION')
    expect(read('LICENSE')).toContain('END OF TERMS AND CONDITIONS')
  })
})
