/** What programs may do is said for each procedure that they may call, and for no other. */
import { expect, it } from 'vitest'
import { mayCall } from '../../../src/contract/clientPermissions.ts'
import { ClientPermission } from '../../../src/contract/clients.ts'
import type { Row } from '../../../src/contract/row.ts'
import { procedureNames, procedures } from '../../../src/contract/table.ts'

const forClients = procedureNames.filter((name) => (procedures[name] as Row).roles.includes('client'))

it('each procedure for programs needs a permission or is for all of them', () => {
  expect(forClients.length).toBeGreaterThan(20)
  expect(procedureNames.filter((name) => mayCall(ClientPermission.options, name)).sort()).toEqual([...forClients].sort())
})

it('without a permission a program learns how the station is and what it asks people for, and nothing of anybody', () => {
  const always = procedureNames.filter((name) => mayCall([], name))
  expect(always.filter((name) => /^(subject|template|gallery\.identify|face|capture|comparison)/.test(name))).toEqual([])
})
