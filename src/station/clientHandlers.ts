/** Programs of integrators: their keys, and what the station knows of the one that asks. */
import { ClientPermission } from '../contract/clients.ts'
import type { Handlers } from './handlerTypes.ts'
import type { Parts } from './parts.ts'

export function clientHandlers({ holder }: Parts) {
  const clients = async () => (await holder.need()).clients
  return {
    'client.list': async () => ({ clients: (await clients()).list() }),
    'client.add': async (input, actor) => (await clients()).add(input, actor),
    'client.revoke': async ({ name }, actor) => (await clients()).revoke(name, actor),
    'client.current': async (_input, { operator }) => {
      const client = operator === undefined ? undefined : holder.opened?.clients.byId(operator)
      return { name: client?.name ?? null, permissions: client?.permissions ?? [...ClientPermission.options] }
    },
  } satisfies Partial<Handlers>
}
