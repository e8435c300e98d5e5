/** What the stand-in answers of subjects, their references and the gallery. It runs inside the page, so it imports nothing. */
import type { FakeAnswers, FakePage } from './fakePage.ts'

export function subjectAnswers({ plan, state, createdAt, bytesOf, refusal }: FakePage): FakeAnswers {
  const unknown = refusal('subject.unknown')
  const restricted = refusal('subject.restricted')
  const restrictedOf = (id: string) => (state.restricted[id] === undefined ? {} : { restrictedSince: state.restricted[id].since })
  const correctedOf = (id: string) => {
    const { name, form } = state.corrected[id] ?? {}
    return {
      ...(name === undefined ? {} : { name: name === '' ? null : name }),
      ...(form === undefined ? {} : { form: { version: state.form.version, values: form } }),
    }
  }
  const subjectOf = (id: string) => {
    const subject = state.subjects[id]
    const reference = (version: number) => ({
      referenceNo: version,
      version,
      active: version === state.activeVersion,
      model: 'starter@1',
      captureSource: 'camera',
      pad: 'notAssessed',
      createdAt,
      quality: null,
    })
    const many = /^M-\d+$/.test(id) ? { name: `Person ${id.slice(2)}` } : undefined
    const found = state.erased.includes(id) ? undefined : (subject ?? many)
    return (
      found && {
        id,
        name: found.name,
        createdAt,
        references: state.versions.length,
        category: 0,
        watchLists: [],
        purposes: [],
        consents: [],
        ...plan.intake,
        ...correctedOf(id),
        revision: `revision-${id}`,
        ...restrictedOf(id),
        restriction: state.restricted[id] ?? null,
        named: state.restricted[id] === undefined ? [] : [{ id: 'account-1', kind: 'account', name: 'Sam' }],
        history: state.versions.map(reference),
      }
    )
  }
  const everybody = () => {
    const numbered = Array.from({ length: plan.manySubjects ?? 0 }, (_, index) => `M-${String(index + 1).padStart(7, '0')}`)
    const shown = [...Object.keys(state.subjects), ...numbered].filter((id) => !state.erased.includes(id))
    return shown.map((id) => ({
      id,
      name: state.subjects[id]?.name ?? `Person ${id.slice(2)}`,
      createdAt,
      references: 3,
      ...correctedOf(id),
      ...restrictedOf(id),
    }))
  }
  const pageOf = <Item>(all: readonly Item[], limit: number, cursor: number) => {
    const subjects = all.slice(cursor, cursor + limit)
    return cursor + limit < all.length ? { subjects, cursor: cursor + limit } : { subjects, cursor: undefined }
  }
  return {
    'subject.proposeNumber': () => ({ number: `7ZQK3-M4X0${++state.proposed}` }),
    'subject.export': ({ id }) =>
      subjectOf(id) ? { format: 'vultus.subject-export/1', exportedAt: createdAt, id, consents: [], references: [] } : unknown,
    'subject.list': ({ limit = 100, cursor = 0 }) => pageOf(everybody(), limit, cursor),
    'subject.search': ({ query, limit = 20, cursor = 0 }) => {
      if (query.length < 3 && subjectOf(query) === undefined) return refusal('search.tooShort')
      const empty = plan.emptyPages ?? 0
      if (cursor < empty) return { subjects: [], cursor: cursor + 1 }
      const like = everybody().filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(query.toLowerCase()))
      const page = pageOf(like, limit, cursor - empty)
      return page.cursor === undefined ? page : { ...page, cursor: page.cursor + empty }
    },
    'subject.erase': ({ id }) => {
      state.erased.push(id)
      const hash = 'ab'.repeat(32)
      const body = {
        format: 'vultus.erasure-certificate/1',
        vaultId: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f',
        subject: '3f5d6be9-e940-471f-b430-236ba9892b4b',
        subjectIdHash: hash,
        destroyed: { references: 3, samples: 3, versions: 3, keyEpochs: [1] },
        time: createdAt,
        by: { role: 'supervisor', door: 'ipc', operator: null },
        auditRecord: { no: 71, hash },
        backupKeyFile: null,
        stationKey: hash,
      }
      const certificate = { body: JSON.stringify(body), signature: 'AAAA', publicKey: 'AAAA', salt: 'AAAA' }
      return { id, erased: true, logEmptied: true, certificate }
    },
    'subject.get': ({ id }) => subjectOf(id) ?? unknown,
    'subject.picture': ({ id }) =>
      state.restricted[id] ? restricted : { sample: state.subjects[id]?.picture ? bytesOf(state.subjects[id].picture) : null },
    'subject.restrict': ({ id, reason }) => {
      if (state.restricted[id] !== undefined) return restricted
      state.restricted[id] = { since: createdAt, by: 'account-1', reason, lifted: null }
      return { id, since: createdAt, sequence: 10 }
    },
    'subject.liftRestriction': ({ id }) => {
      if (state.restricted[id] === undefined) return refusal('subject.notRestricted')
      delete state.restricted[id]
      return { id, sequence: 11 }
    },
    'subject.correct': ({ id, name, form }) => {
      state.corrected[id] = { ...state.corrected[id], ...(name === undefined ? {} : { name }), ...(form === undefined ? {} : { form }) }
      return { id, fields: [...(name === undefined ? [] : ['name']), ...Object.keys(form ?? {})], revision: 'next' }
    },
    'subject.enrol': ({ id, allowDuplicate, exemption, consentVersion, newSubject }) =>
      newSubject === true && subjectOf(id) !== undefined
        ? refusal('subject.exists')
        : state.consent !== null && consentVersion !== state.consent.version
          ? refusal('consent.required')
          : state.qualityRefused !== undefined && exemption === undefined
            ? refusal('quality.refused', { picture: 0, components: [state.qualityRefused] })
            : state.duplicates.length > 0 && !allowDuplicate
              ? refusal('duplicate.found', { candidates: state.duplicates })
              : { id, references: [1], sequence: 8 },
    'subject.verify': () => ({ decision: state.decision, comparisonScore: 0.97, threshold: 0.936, fmr: state.fmr }),
    'reference.rollBack': ({ id, toVersion }) => {
      state.activeVersion = toVersion
      return { id, version: toVersion, sequence: 9 }
    },
    'reference.remove': ({ id, superseded }) => {
      state.versions = state.versions.filter((version) => version !== superseded)
      return { id, version: superseded, removed: 1 }
    },
    'gallery.status': () => ({ model: 'starter@1', references: state.gallerySize, sequence: 7, ready: true }),
    'gallery.identify': () => ({
      decision: state.candidates.length > 0 ? 'match' : 'nonMatch',
      candidates: state.candidates,
      gallerySize: state.gallerySize,
      elapsedMs: 8.6,
      threshold: 0.936,
      fmr: 1e-3,
    }),
  }
}
