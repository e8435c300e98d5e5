/** What the procedures of model packs do. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { VultusError } from '../contract/errors.ts'
import type { PackReport } from '../contract/processes.ts'
import type { AuditEntry } from '../contract/records.ts'
import type { Checked } from '../contract/rows/model.ts'
import { type ComparedPicture, compareModels } from '../operations/compareModels.ts'
import { activateModel, completePack, removeReferencesOf } from '../operations/models.ts'
import type { VaultPort } from '../operations/ports.ts'
import type { Handlers } from './handlerTypes.ts'
import { fingerprintOf, trustedKeyOf } from './packs.ts'
import type { Parts } from './parts.ts'
import { picturesIn } from './pictureFolder.ts'

/** A report as doors give it: lists of their own. */
const checkedOf = ({ pack, files, signature, ...rest }: PackReport): Checked => ({
  ...rest,
  signature: { ...signature },
  pack: { ...pack, licences: [...pack.licences] },
  files: files.map((file) => ({ ...file, operators: [...file.operators] })),
})

export function modelHandlers(parts: Parts) {
  const { face, holder, jobs } = parts
  const { packs } = face
  return {
    'model.list': async () => await face.models(),
    'model.import': async ({ pack: source, trust }, actor) => {
      const vault = await holder.need()
      const report = await packs.import(source, trust, vault.settings.get('models.trustedKeys'))
      const { pack, manifestSha256, signature } = report
      const trustedBy = signature.state === 'valid' ? `key ${signature.key}` : 'administrator'
      const details = { pack: pack.model, manifestSha256, signature: signature.state, trustedBy }
      try {
        vault.audit.append({ event: 'model.import', actor, outcome: 'done', details })
      } catch (error) {
        await packs.remove(pack)
        throw error
      }
      return checkedOf(report)
    },
    'model.verify': async ({ id }) => checkedOf(await packs.verify(id, holder.opened?.settings.get('models.trustedKeys') ?? [])),
    'model.trust': async ({ key, remove }, actor) => changeTrust(await holder.need(), { key, remove }, actor),
    'model.activate': async (input, actor) => await activateModel(parts.modelPorts(await holder.need()), input, actor),
    'model.compare': async ({ first, second, folder, picturesMax, fmr }) => {
      for (const id of [first, second]) await completePack(packs, id)
      const vault = await holder.need()
      const pictures = folder === undefined ? samplesIn(vault, picturesMax) : await picturesIn(folder, picturesMax)
      const source = folder === undefined ? 'samples' : 'folder'
      return await compareModels(packs, { first, second, pictures, source, fmr }, async () => void (await nextTurn()))
    },
    'model.reembed': async ({ id }, actor) => {
      const { model } = await completePack(packs, id)
      const audit: AuditEntry = { event: 'model.reembed', actor, outcome: 'done' }
      return { job: jobs.start('reembed', (vault) => vault.models.begin({ model, pack: id, audit })) }
    },
    'model.remove': async ({ id, references }, actor) => {
      const vault = await holder.need()
      const pack = (await packs.list()).find((candidate) => candidate.id === id)
      if (pack === undefined) throw new VultusError('model.unknown', id)
      const active = (await face.models()).active
      if (pack.model === active || id === face.activePack()) throw new VultusError('model.active')
      if (!references && pack.builtIn) throw new VultusError('pack.builtIn')
      const job = jobs.list().find(({ kind, state }) => kind === 'reembed' && (state === 'running' || state === 'paused'))
      if (job !== undefined) throw new VultusError('job.notPossible', `job ${job.id} is ${job.state}`)
      let removedReferences = 0
      if (references) {
        if (active === null) throw new VultusError('model.missing')
        removedReferences = await removeReferencesOf(parts.modelPorts(await holder.need()), pack, active, actor)
      } else vault.audit.append({ event: 'model.remove', actor, outcome: 'done', details: { pack: pack.model, references: 0 } })
      // What came with the program stays; only what it made goes.
      if (!pack.builtIn) await packs.remove(pack)
      return { id, removedReferences }
    },
  } satisfies Partial<Handlers>
}

/** Stored samples by number: the report names nobody. */
function samplesIn(vault: VaultPort, picturesMax: number): ComparedPicture[] {
  const samples = vault.models.samples(picturesMax)
  if (new Set(samples.map(({ subjectNo }) => subjectNo)).size < 2)
    throw new VultusError('request.invalid', 'fewer than two subjects have stored samples: name a folder of pictures')
  return samples.map(({ referenceNo, subjectNo, picture }) => ({
    name: `reference ${referenceNo}`,
    person: String(subjectNo),
    read: async () => picture,
  }))
}

function changeTrust(vault: VaultPort, change: { key?: string | undefined; remove?: string | undefined }, actor: AuditEntry['actor']) {
  const known = vault.settings.get('models.trustedKeys')
  const added = change.key === undefined ? [] : [trustedKeyOf(change.key)]
  const keys = [...new Set([...known, ...added])].filter((key) => fingerprintOf(key) !== change.remove)
  if (added.length > 0 || keys.length !== known.length) {
    const details = {
      added: added.map(fingerprintOf).join(' '),
      removed: known.length + added.length > keys.length ? (change.remove ?? '') : '',
    }
    vault.settings.change({ name: 'models.trustedKeys', value: keys, audit: { event: 'model.trust', actor, outcome: 'done', details } })
  }
  return { keys: keys.map((publicKey) => ({ fingerprint: fingerprintOf(publicKey), publicKey })) }
}
