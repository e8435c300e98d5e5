/**
 * A stand-in for the station behind Electron's preload, for pictures and tests of the window alone: a gallery in memory, captures from
 * drawn pictures, and live packets for every frame that is sent. It runs inside the page, so what it is made of comes in as text.
 */
import { livePacket } from './fakeLive.ts'
import { type FakeAnswers, officeAnswers } from './fakeOffice.ts'

interface FakeRestriction {
  readonly since: string
  readonly by: string | null
  readonly reason: string
  readonly lifted: null
}

export interface FakePlan {
  readonly vault: 'missing' | 'locked' | 'open'
  readonly kind: 'real' | 'demo'
  readonly keychain: boolean
  /** The decision of the next verification and its rate. */
  readonly decision: 'match' | 'nonMatch' | 'inconclusive'
  readonly fmr: number
  /** What enrol finds before it is told to allow duplicates. */
  readonly duplicates: readonly { id: string; comparisonScore: number; fmr: number }[]
  readonly candidates: readonly { id: string; comparisonScore: number; fmr: number }[]
  readonly gallerySize: number
  readonly subjects: Readonly<Record<string, { name: string | null; picture: string | null }>>
  /** JPEG pictures as base64: what capture.take answers. */
  readonly samples: readonly string[]
  /** 468 x, y pairs from 0 to 1 within the face. */
  readonly points: readonly number[]
  /** Where the live face is, as fractions of the frame; null for nobody. */
  readonly face: { x: number; y: number; width: number; height: number } | null
  /** What capture.fromPicture refuses with. */
  readonly pictureRefusal: { code: string; message: string; remedy: string } | null
  /** Who is signed in; left out where there are no accounts. */
  readonly role?: 'operator' | 'supervisor' | 'auditor' | 'administrator' | undefined
  /** What desk.settings answers, where it is not as the system has it. */
  readonly look?: Record<string, unknown>
  /** Restrictions in force, by the number of the subject. */
  readonly restricted?: Readonly<Record<string, FakeRestriction>>
  /** The text that subjects are asked for consent with. */
  readonly consent?: { version: number; createdAt: string; texts: Record<string, string> }
  /** What subject.enrol refuses the quality of, until there is an exemption. */
  readonly qualityRefused?: Record<string, unknown>
  /** Subjects beyond those above, numbered: for long lists. */
  readonly manySubjects?: number
  /** Pages of a search that hold nobody before the one that does. */
  readonly emptyPages?: number
  readonly backups?: readonly Record<string, unknown>[]
  readonly accounts?: readonly Record<string, unknown>[]
  readonly jobs?: readonly Record<string, unknown>[]
  readonly reports?: readonly Record<string, unknown>[]
  /** Names for the ids of those records. */
  readonly named?: readonly unknown[]
  readonly records?: readonly Record<string, unknown>[]
  /** What audit.verify answers. */
  readonly auditReport?: Record<string, unknown>
  /** What procedures answer that the stand-in does not know by itself. */
  readonly answers?: Readonly<Record<string, unknown>>
  /** Procedures that are refused, with their code. */
  readonly refused?: Readonly<Record<string, string>>
  /** The own form of the site. */
  readonly form?: { version: number; policy: { format: string; fields: readonly Record<string, unknown>[] } }
  /** Who gives numbers; the site where it is left out, so that tests type theirs. */
  readonly numbers?: 'station' | 'site'
  readonly exceptions?: { confirmedBy: string; proof: string }
  /** Unfinished enrolments that are there already, as draft.open answers them. */
  readonly drafts?: readonly Record<string, unknown>[]
  /** What waits for a supervisor, as inbox.open answers it. */
  readonly inbox?: readonly Record<string, unknown>[]
  /** What subject.get adds of the intake. */
  readonly intake?: Record<string, unknown>
  /** The secret of every supervisor at this stand-in. */
  readonly supervisorSecret?: string
}

/** What is put into the page before its own scripts. */
export const fakeBridgeScript = (plan: FakePlan): string =>
  `(${installFakeBridge})(${JSON.stringify(plan)}, ${officeAnswers}, ${livePacket})`

/** Makes window.vultusBridge. */
function installFakeBridge(plan: FakePlan, answersOfOffice: typeof officeAnswers, packetOf: typeof livePacket): void {
  const state = {
    ...plan,
    taken: 0,
    captures: 0,
    consent: plan.consent ?? null,
    versions: [3, 2, 1],
    activeVersion: 3,
    signIn: 'signedIn' as 'signedIn' | 'locked' | 'nobody',
    erased: [] as string[],
    kept: { samplesKept: true, supersededDays: null as number | null },
    schedule: { folder: null as string | null, intervalHours: 24, generationsKept: 7 },
    backups: [...(plan.backups ?? [])],
    policy: { pinAllowed: false, idleLockMs: 300_000 },
    accounts: [...(plan.accounts ?? [])],
    jobs: [...(plan.jobs ?? [])],
    reports: [...(plan.reports ?? [])],
    form: plan.form ?? {
      version: 0,
      policy: {
        format: 'vultus.form/1',
        fields: [
          { id: 'number', type: 'text', label: { en: 'Number' }, required: true, lengthMax: 64, visibleTo: ['operator'] },
          { id: 'name', type: 'text', label: { en: 'Name' }, required: false, lengthMax: 200, visibleTo: ['operator'] },
        ],
      },
    },
    enrolment: {
      ...(plan.exceptions ?? { confirmedBy: 'supervisor', proof: 'optional' }),
      draftHours: 72,
      waitingDays: 30,
      numbers: plan.numbers ?? 'site',
    },
    proposed: 0,
    /** Captures by id, so that a draft gives them back. */
    held: new Map<string, unknown>(),
    drafts: [...(plan.drafts ?? [])] as Record<string, unknown>[],
    inbox: [...(plan.inbox ?? [])] as Record<string, unknown>[],
    nextDraft: 1,
    restricted: { ...plan.restricted } as Record<string, FakeRestriction>,
    /** Names and values that were corrected. */
    corrected: {} as Record<string, { name?: string; form?: Record<string, unknown> }>,
    /** Every call: its name and input. */
    calls: [] as { name: string; input: unknown }[],
  }
  const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const listeners = new Set<(name: string, payload: unknown) => void>()
  const refusal = (code: string, message: string, remedy: string, data?: unknown) => ({
    ok: false,
    refusal: { code, message, remedy },
    data,
  })
  const unknown = refusal('subject.unknown', 'No subject has this id.', 'Check the id.')
  const restricted = refusal('subject.restricted', 'The processing of this subject is restricted.', 'Leave it unused.')
  const look = {
    language: null,
    theme: 'system',
    camera: null,
    cameraHeightPx: 720,
    mirrored: true,
    sounds: true,
    receipts: false,
    ...plan.look,
  }
  const createdAt = '2026-06-09T09:30:00.000Z'
  const capture = (captureSource: string) => {
    const made = captured(captureSource)
    state.held.set(made.captureId, made)
    return made
  }
  const captured = (captureSource: string) => ({
    captureId: `capture-${String(++state.taken).padStart(12, '0')}`,
    captureSource,
    pad: 'notAssessed',
    liveness: { verdict: 'notAssessed', failure: null, steps: [], unable: [], injection: [] },
    width: 640,
    height: 480,
    box: { x: 220, y: 120, width: 200, height: 220 },
    detectionScore: 0.97,
    facesInPicture: 1,
    quality: { qualityScore: 0.7 + state.taken / 100, components: {} },
    sample: bytesOf(state.samples[(state.taken - 1) % state.samples.length]!),
  })
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
  const unknownDraft = refusal('draft.unknown', 'There is no such unfinished enrolment, or it is not yours.', '')
  const newId = () => `6f3c5a4e-8f0b-4d57-9c1e-${String(state.nextDraft++).padStart(12, '0')}`
  const endDraft = (draft: unknown) => {
    state.drafts = state.drafts.filter((one) => one.draft !== draft)
  }
  const draftSummary = ({ content: _content, captured: shots, proof: _proof, ...rest }: Record<string, unknown>) => ({
    ...rest,
    captures: (shots as unknown[]).length,
  })
  const wait = (item: Record<string, unknown>) => {
    const id = newId()
    const whole = { name: '', note: '', reason: null, hasProof: false, proof: null, form: {}, captured: [], outdated: false }
    const about = { operator: 'Olga', own: false, createdAt, expiresAt: createdAt, formVersion: state.form.version }
    state.inbox.push({ ...whole, ...about, ...item, item: id, captures: 0 })
    return id
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
  const answers: FakeAnswers = {
    ...answersOfOffice(state, createdAt),
    'vault.status': () => ({
      state: state.vault,
      kind: state.vault === 'missing' ? null : state.kind,
      key: state.vault === 'missing' ? null : 'passphrase',
      keychainAvailable: state.keychain,
      recovery: state.vault === 'open' ? 'confirmed' : null,
      problem: null,
    }),
    'desk.settings': () => look,
    'analytics.days': ({ days }) => ({
      days: Array.from({ length: days }, (_, index) => ({
        day: new Date(Date.UTC(2026, 5, 9) - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10),
        enrolled: (index * 7) % 13,
        enrolRefused: (index * 3) % 4,
        match: (index * 11) % 29,
        nonMatch: (index * 5) % 3,
        inconclusive: index % 2,
        identified: index % 5,
        erased: index % 7 === 0 ? 1 : 0,
      })),
      reasons: { 'duplicate.found': 4, 'quality.refused': 9 },
      operators: { 'op-1': 101, 'op-2': 88 },
      named: [
        { id: 'op-1', kind: 'account', name: 'Ada Example' },
        { id: 'op-2', kind: 'program', name: 'Gate 4' },
      ],
      complete: true,
    }),
    'policy.form': () => ({
      ...state.form,
      setAt: state.form.version === 0 ? null : createdAt,
      exceptions: state.enrolment,
      numbers: state.enrolment.numbers,
    }),
    'policy.setForm': ({ policy }) => {
      state.form = { version: state.form.version + 1, policy }
      return { ...state.form, setAt: createdAt }
    },
    'policy.enrolment': (change) => ({ ...Object.assign(state.enrolment, change) }),
    'subject.proposeNumber': () => ({ number: `7ZQK3-M4X0${++state.proposed}` }),
    'draft.list': () => ({ drafts: state.drafts.map(draftSummary) }),
    'draft.save': ({ draft, content, captureIds, proof }) => {
      const lost = captureIds.some((id: string) => !state.held.has(id))
      if (lost) return refusal('capture.unknown', 'There is no such capture any more.', '')
      const known = state.drafts.find((one) => one.draft === draft)
      if (draft !== undefined && known === undefined) return unknownDraft
      const saved = known ?? { draft: newId(), operator: 'Ada Example', own: true, createdAt, expiresAt: createdAt }
      const kept = captureIds.map((id: string) => state.held.get(id))
      Object.assign(saved, {
        content,
        proof: proof === undefined ? (known?.proof ?? null) : proof,
        step: content.step,
        id: content.id,
        name: content.name,
        captured: kept,
        changedAt: new Date().toISOString(),
      })
      if (known === undefined) state.drafts.push(saved)
      return draftSummary(saved)
    },
    'draft.open': ({ draft }) => {
      const found = state.drafts.find((one) => one.draft === draft)
      if (found === undefined) return unknownDraft
      const { content, captured: shots, proof = null } = found
      return { ...draftSummary(found), content, captured: shots, proof, outdated: 0 }
    },
    'draft.discard': ({ draft }) => {
      if (!state.drafts.some((one) => one.draft === draft)) return unknownDraft
      endDraft(draft)
      return { draft, discarded: true }
    },
    'exception.propose': ({ id, draft, reason, note, proof }) => {
      endDraft(draft)
      if (state.enrolment.confirmedBy === 'operator') return { id, state: 'enrolled', item: null, sequence: 9 }
      const item = wait({ kind: 'exception', id, note, reason, proof: proof ?? null, hasProof: proof !== undefined, candidates: [] })
      return { id, state: 'proposed', item, sequence: null }
    },
    'exception.proof': () => ({ proof: null }),
    'inbox.count': () => ({ waiting: state.inbox.length }),
    'inbox.list': ({ limit }) => ({ items: state.inbox.slice(0, limit), waiting: state.inbox.length }),
    'inbox.leave': ({ id, name, note, form, draft, captureIds }) => {
      endDraft(draft)
      const candidates = state.duplicates
      const item = wait({
        kind: 'duplicate',
        id,
        name: name ?? '',
        note,
        form: form ?? {},
        candidates,
        captured: captureIds.map((one: string) => state.held.get(one)),
      })
      return { item, candidates }
    },
    'inbox.open': ({ item }) => {
      const found = state.inbox.find((one) => one.item === item)
      if (found === undefined) return unknownDraft
      // A plan names no bytes: what was captured of a waiting case is a picture of the plan.
      const bare = found.kind === 'duplicate' && found.outdated !== true && (found.captured as unknown[]).length === 0
      return bare ? { ...found, captured: [captured('camera')] } : found
    },
    'inbox.decide': ({ item, decision, subject }) => {
      const found = state.inbox.find((one) => one.item === item)
      if (found === undefined) return unknownDraft
      state.inbox = state.inbox.filter((one) => one !== found)
      return { item, decision, id: decision === 'reject' ? null : decision === 'same' ? subject : found.id, sequence: 9 }
    },
    'inbox.decideHere': ({ name: _name, secret, ...input }) =>
      secret === (plan.supervisorSecret ?? 'right')
        ? answers['inbox.decide']?.(input)
        : refusal('signIn.wrong', 'Name and password do not belong together.', 'Type both again.', { waitMs: 0 }),
    'consent.text': () => ({ text: state.consent }),
    'consent.change': ({ texts }) => {
      state.consent = Object.keys(texts).length === 0 ? null : { version: (state.consent?.version ?? 0) + 1, createdAt, texts }
      return { text: state.consent }
    },
    'subject.export': ({ id }) =>
      subjectOf(id) ? { format: 'vultus.subject-export/1', exportedAt: createdAt, id, consents: [], references: [] } : unknown,
    'desk.change': (change) => Object.assign(look, change),
    'vault.init': ({ key }) => {
      state.vault = 'open'
      return { kind: 'real', key, recoveryKey: Array(14).fill('7ZQK').join('-') }
    },
    'vault.unlock': ({ passphrase }) => {
      if (passphrase !== 'correct horse battery')
        return refusal('vault.wrongKey', 'The key does not open this vault.', 'Check the passphrase.')
      state.vault = 'open'
      return { kind: state.kind }
    },
    'operator.current': () => {
      const { role = null } = plan
      const who =
        role === null ? { state: 'nobody', operator: null, name: null } : { state: 'signedIn', operator: 'op-1', name: 'Ada Example' }
      const lockedAt = state.signIn === 'locked' ? createdAt : null
      const now = role === null ? {} : { state: state.signIn }
      return { needed: role !== null, ...who, ...now, role, lockedAt, idleLockMs: 300_000 }
    },
    'model.list': () => ({
      active: 'starter@1',
      packs: [{ id: 'starter', name: 'Starter', version: '1', complete: true, calibration: { impostorPairs: 100000, fmrMin: 1e-5 } }],
    }),
    'station.figures': () => ({
      memoryBytes: 310_000_000,
      waitingPictures: 2,
      search: { stage: 'packed', reason: 'expected', kernel: 'relaxed', threads: 2, rowsRead: 48_210, survivors: 31, ms: 4.2 },
    }),
    'status.get': () => ({
      service: 'vultus',
      version: '0.1.0',
      uptime_s: 8000,
      vault: { state: state.vault, kind: state.kind },
      gallery: { references: state.gallerySize, sequence: 7, ready: true },
      model: { id: 'starter@1', dimension: 128, metric: 'cosine' },
      processes: ['face', 'matcher'].map((name, index) => ({ name, state: 'ready', pid: 100 + index, restarts: index })),
      inference: { provider: 'cpu', tried: [], processes: 0, processesMax: 1, threads: 1 },
    }),
    'subject.list': ({ limit = 100, cursor = 0 }) => pageOf(everybody(), limit, cursor),
    'subject.search': ({ query, limit = 20, cursor = 0 }) => {
      if (query.length < 3 && subjectOf(query) === undefined)
        return refusal('search.tooShort', 'There is too little to search for.', 'Type at least 3 characters.')
      const empty = plan.emptyPages ?? 0
      if (cursor < empty) return { subjects: [], cursor: cursor + 1 }
      const like = everybody().filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(query.toLowerCase()))
      const page = pageOf(like, limit, cursor - empty)
      return page.cursor === undefined ? page : { ...page, cursor: page.cursor + empty }
    },
    'reference.rollBack': ({ id, toVersion }) => {
      state.activeVersion = toVersion
      return { id, version: toVersion, sequence: 9 }
    },
    'reference.remove': ({ id, superseded }) => {
      state.versions = state.versions.filter((version) => version !== superseded)
      return { id, version: superseded, removed: 1 }
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
    'operator.lock': () => {
      state.signIn = 'locked'
      return {}
    },
    'operator.signOut': () => {
      state.signIn = 'nobody'
      return {}
    },
    'operator.signIn': () => {
      state.signIn = 'signedIn'
      return {}
    },
    'recovery.confirm': () => ({ confirmed: true }),
    'gallery.status': () => ({ model: 'starter@1', references: state.gallerySize, sequence: 7, ready: true }),
    'import.picture': () => ({ sample: bytesOf(state.samples[0]!) }),
    'capture.open': () => ({ sessionId: 'session-0000000000000001', autoCapture: false, virtualCamera: null }),
    'capture.guide': ({ preset, autoCapture = false }) => {
      // Guidance asks for a picture a moment after it may.
      if (autoCapture) setTimeout(() => (state.captures += 1), 300)
      return { preset: preset ?? 'enrolment', autoCapture }
    },
    'liveness.start': () => ({}),
    'liveness.cancel': () => ({}),
    'capture.close': () => ({}),
    'capture.drop': () => ({}),
    'capture.take': () =>
      state.face === null
        ? refusal('capture.notReady', 'No usable face has been seen by the camera yet.', '')
        : capture(state.kind === 'demo' ? 'simulated' : 'camera'),
    'capture.fromPicture': () => (state.pictureRefusal ? { ok: false, refusal: state.pictureRefusal } : capture('file')),
    'subject.get': ({ id }) => subjectOf(id) ?? unknown,
    'subject.picture': ({ id }) =>
      state.restricted[id] ? restricted : { sample: state.subjects[id]?.picture ? bytesOf(state.subjects[id].picture) : null },
    'subject.restrict': ({ id, reason }) => {
      if (state.restricted[id] !== undefined) return restricted
      state.restricted[id] = { since: createdAt, by: 'account-1', reason, lifted: null }
      return { id, since: createdAt, sequence: 10 }
    },
    'subject.liftRestriction': ({ id }) => {
      if (state.restricted[id] === undefined) return refusal('subject.notRestricted', 'It is not restricted.', 'Show the subject.')
      delete state.restricted[id]
      return { id, sequence: 11 }
    },
    'subject.correct': ({ id, name, form }) => {
      state.corrected[id] = { ...state.corrected[id], ...(name === undefined ? {} : { name }), ...(form === undefined ? {} : { form }) }
      return { id, fields: [...(name === undefined ? [] : ['name']), ...Object.keys(form ?? {})], revision: 'next' }
    },
    'subject.enrol': ({ id, allowDuplicate, exemption, consentVersion, newSubject }) =>
      newSubject === true && subjectOf(id) !== undefined
        ? refusal('subject.exists', 'A subject has this id already.', '')
        : state.consent !== null && consentVersion !== state.consent.version
          ? refusal('consent.required', 'There is no consent to the text in force.', '')
          : state.qualityRefused !== undefined && exemption === undefined
            ? refusal('quality.refused', 'The picture does not meet the quality.', '', { picture: 0, components: [state.qualityRefused] })
            : state.duplicates.length > 0 && !allowDuplicate
              ? refusal('duplicate.found', 'Somebody in the gallery looks like this subject.', '', { candidates: state.duplicates })
              : { id, references: [1], sequence: 8 },
    'subject.verify': () => ({ decision: state.decision, comparisonScore: 0.97, threshold: 0.936, fmr: state.fmr }),
    'gallery.identify': () => ({
      decision: state.candidates.length > 0 ? 'match' : 'nonMatch',
      candidates: state.candidates,
      gallerySize: state.gallerySize,
      elapsedMs: 8.6,
      threshold: 0.936,
      fmr: 1e-3,
    }),
  }
  let live: MessagePort | undefined
  const answerFrame = (packet: Uint8Array) => {
    const bytes = packetOf(state, packet)
    setTimeout(() => live?.postMessage(bytes), 20)
  }
  Object.assign(window, {
    /** For the test: changes the plan and tells events. */
    fakeStation: {
      state,
      tell: (name: string, payload: unknown) => {
        for (const listener of listeners) listener(name, payload)
      },
    },
    vultusBridge: {
      welcome: { shell: 'electron', simulatedCamera: plan.kind === 'demo' },
      run: async (name: string, input: unknown) => {
        state.calls.push({ name, input })
        const code = plan.refused?.[name]
        if (code !== undefined) return refusal(code, `Refused: ${code}.`, 'What can be done.')
        const answer =
          plan.answers?.[name] ?? answers[name]?.(input) ?? refusal('request.unknown', `The stand-in does not know ${name}.`, '')
        // Answers of their own may have a field `ok` too.
        return typeof answer === 'object' && 'refusal' in answer ? answer : { ok: true, value: answer }
      },
      pathOf: (file: { name: string }) => `/media/stick/${file.name}`,
      onEvent: (listener: (name: string, payload: unknown) => void) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      requestLivePort: () => {
        const channel = new MessageChannel()
        live = channel.port1
        channel.port1.onmessage = (event) => answerFrame(event.data as Uint8Array)
        setTimeout(() => window.postMessage('vultus.livePort', '*', [channel.port2]), 0)
      },
    },
  })
}
