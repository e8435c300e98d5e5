/** Anchors at places that fail. */
import { expect, it, onTestFinished, vi } from 'vitest'
import { type AnchorPlace, Anchors, type AnchorsParts } from '../../src/vault/anchors.ts'
import type { Checkpoint } from '../../src/vault/auditCheckpoints.ts'

const checkpointAt = (records: number) => ({ records, time: '2031-05-06T07:08:09.000Z' }) as Checkpoint

function witness() {
  let newest = checkpointAt(5)
  const lines: Checkpoint[] = []
  const disk = { full: false }
  const place: AnchorPlace = {
    name: 'witness',
    read: () => lines,
    write: (checkpoints) => {
      if (disk.full) throw new Error('no space')
      lines.push(...checkpoints)
    },
    isEmptied: () => lines.length === 0,
  }
  const checkpoints = {
    newest: () => newest,
    newestRecords: 5,
    between: () => [newest],
    isOurs: () => true,
  } as unknown as AnchorsParts['checkpoints']
  const anchors = new Anchors({ places: () => [place], checkpoints, agrees: () => true })
  onTestFinished(() => anchors.stop())
  const later = (records: number) => {
    newest = checkpointAt(records)
    anchors.publish()
  }
  return { anchors, lines, disk, later }
}

it('a witness that could not get its first line gets it later', () => {
  const { anchors, lines, disk, later } = witness()
  disk.full = true
  anchors.publish(true)
  later(8)
  expect(lines).toEqual([])
  disk.full = false
  later(9)
  expect(lines).toEqual([checkpointAt(9)])
})

it('a witness that had its first line and was emptied gets none until it is named again', () => {
  const { anchors, lines, later } = witness()
  anchors.publish(true)
  expect(lines).toEqual([checkpointAt(5)])
  lines.length = 0
  later(8)
  expect(lines).toEqual([])
  anchors.publish(true)
  expect(lines).toEqual([checkpointAt(8)])
})

it('accepting never throws, whatever cannot be read or written', () => {
  const reading = vi.fn(() => {
    throw new Error('the disk fails')
  })
  const place: AnchorPlace = { name: 'keychain', read: () => [], write: reading }
  const checkpoints = { newest: reading } as unknown as AnchorsParts['checkpoints']
  const anchors = new Anchors({ places: () => [place], checkpoints, agrees: () => true })
  expect(() => anchors.accept()).not.toThrow()
  expect(reading).toHaveBeenCalled()
})
