/** A recovery key on the command line. */
import { expect, it } from 'vitest'
import { groupsOf } from '../../../src/doors/command/recoveryKey.ts'
import { codeOf } from '../../support/codeOf.ts'

const key = 'K2M9-KT3P-D7HE-M3VK-ZHBK-7G6Y-GNCP-VGRD-44TT-HRE0-X1ZP-899H-WJT0-KM3E'

it('is confirmed by all of its groups, however they are divided, and by no part of it', async () => {
  const groups = groupsOf(key)
  expect(groups.length).toBe(14)
  expect(groups[13]).toEqual({ position: 14, text: 'KM3E' })
  expect(groupsOf(key.replaceAll('-', ' '))).toEqual(groups)
  expect(groupsOf(key.replaceAll('-', ''))).toEqual(groups)
  for (const part of ['', 'K2M9', 'K2M9-KT3P', key.slice(0, -1), `${key}-K2M9`])
    expect(await codeOf(() => groupsOf(part))).toBe('recovery.mistyped')
})
