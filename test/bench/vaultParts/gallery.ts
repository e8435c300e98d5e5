import type { Vault } from '../../../src/vault/vault.ts'
import { model } from './data.ts'
import { type Measured, measured, timeMs, timeMsOf } from './measure.ts'
import { fill, newVault } from './stores.ts'

const rounds = 5
const handedOverMsMax = 2_000
const rowsOfLimit = 1_000_000

/** A vault of so many subjects; slow, so that every bench that needs one shares it. */
export async function filledVault(folder: string, rows: number, named: boolean, say: (line: string) => void): Promise<Vault> {
  const vault = await newVault(folder)
  const batchRows = named ? 100_000 : 10_000
  const startMs = performance.now()
  for (let first = 0; first < rows; first += batchRows) {
    fill(vault, first, Math.min(batchRows, rows - first), named)
    if ((first / batchRows) % 10 === 9)
      say(`${first + batchRows} of ${rows} subjects stored, ${((performance.now() - startMs) / 1000).toFixed(0)} s`)
  }
  return vault
}

function handOver(vault: Vault, rows: number): number {
  let seen = 0
  const ms = timeMs(() => {
    for (const batch of vault.gallery(model, 4096).batches) seen += batch.referenceNos.length
  })
  if (seen !== rows) throw new Error(`${seen} of ${rows} references were handed over`)
  return ms
}

/** The gallery handed over from sealed rows, and from segments. */
export async function gallerySpeed(vault: Vault, rows: number): Promise<Measured[]> {
  const fromRows = handOver(vault, rows)
  const sealing = await timeMsOf(async () => void (await vault.sealSegments()))
  const times = Array.from({ length: rounds }, () => handOver(vault, rows))
  const limit = rows === rowsOfLimit ? handedOverMsMax : undefined
  return [
    measured(`gallery of ${rows} from rows`, 'vault', [fromRows]),
    measured(`gallery of ${rows} sealed`, 'vault', [sealing]),
    measured(`gallery of ${rows} handed over`, 'vault', times, limit),
  ]
}
