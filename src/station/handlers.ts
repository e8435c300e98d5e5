/** What each procedure of the table does: an operation, or a plain question to a part. Complete by its type. */
import { VultusError } from '../contract/errors.ts'
import { componentsNotMeasured } from '../contract/quality.ts'
import type { CaptureId, SessionId } from '../contract/types.ts'
import { similarity } from '../core/comparison.ts'
import { assess } from '../core/quality/assess.ts'
import { presetOf } from '../core/quality/presets.ts'
import { cameraSettings, levelCamera, openCamera } from '../operations/cameras.ts'
import { compareCaptures } from '../operations/compareCaptures.ts'
import { enrol } from '../operations/enrol.ts'
import { erase } from '../operations/erase.ts'
import { exportSubject } from '../operations/exportSubject.ts'
import { identify } from '../operations/identify.ts'
import { changeLabel } from '../operations/label.ts'
import { showSubject } from '../operations/showSubject.ts'
import { findMatches, retrieveTemplate, storeTemplate } from '../operations/templates.ts'
import { verify } from '../operations/verify.ts'

import { auditHandlers } from './auditHandlers.ts'
import { backupHandlers } from './backupHandlers.ts'
import { clientHandlers } from './clientHandlers.ts'
import { duplicateHandlers } from './duplicateHandlers.ts'
import { evaluationHandlers } from './evaluationHandlers.ts'
import type { Handlers } from './handlerTypes.ts'
import { importHandlers } from './importHandlers.ts'
import { intakeHandlers } from './intakeHandlers.ts'
import { keyHandlers } from './keyHandlers.ts'
import { lookUpHandlers } from './lookUpHandlers.ts'
import { modelHandlers } from './modelHandlers.ts'
import { operatorHandlers } from './operatorHandlers.ts'
import type { Parts } from './parts.ts'
import { placeHandlers } from './placeHandlers.ts'
import { referenceHandlers } from './referenceHandlers.ts'
import { rightsHandlers } from './rightsHandlers.ts'
import { healthOf, statusOf } from './stationStatus.ts'

export function handlersOf(parts: Parts): Handlers {
  return {
    ...vaultHandlers(parts),
    ...captureHandlers(parts),
    ...faceHandlers(parts),
    ...subjectHandlers(parts),
    ...lookUpHandlers(parts),
    ...rightsHandlers(parts),
    ...referenceHandlers(parts),
    ...stationHandlers(parts),
    ...duplicateHandlers(parts),
    ...importHandlers(parts),
    ...placeHandlers,
    ...modelHandlers(parts),
    ...keyHandlers(parts),
    ...auditHandlers(parts),
    ...operatorHandlers(parts),
    ...clientHandlers(parts),
    ...backupHandlers(parts),
    ...evaluationHandlers(parts),
    ...intakeHandlers(parts),
  }
}

function vaultHandlers({ holder }: Parts) {
  return {
    'vault.status': async () => await holder.status(),
    'vault.init': async (input, actor) => {
      const { key, passphrase, kind, algorithm } = input
      const { vault, recoveryKey } = await holder.init({ key, passphrase, kind, algorithm })
      vault.audit.append({ event: 'vault.init', actor, outcome: 'done', details: { key: input.key, kind: input.kind } })
      return { kind: vault.kind, key: input.key, recoveryKey }
    },
    'vault.unlock': async (input, actor) => {
      const vault = await holder.unlock(input.passphrase)
      vault.audit.append({ event: 'vault.unlock', actor, outcome: 'done' })
      return { kind: vault.kind }
    },
  } satisfies Partial<Handlers>
}

function captureHandlers({ face, holder }: Parts) {
  const { stills } = face
  const { functions } = face.process
  const demoOnly = async () => {
    if ((await holder.need()).kind !== 'demo') throw new VultusError('capture.simulatedRefused')
  }
  return {
    'capture.open': async (input) => {
      const { source, preset, camera } = input
      if (source === 'simulated') await demoOnly()
      const opened = await openCamera(await holder.need(), functions, { source, preset, camera })
      stills.cameraOpened(opened.sessionId)
      return opened
    },
    'capture.close': async (input) => {
      stills.cameraClosed(input.sessionId)
      await functions.closeSession(input)
      return {}
    },
    'capture.guide': async (input) => await functions.guideSession(input),
    'camera.level': async (input, actor) => await levelCamera(await holder.need(), functions, input, actor),
    'camera.settings': async (input, actor) => cameraSettings(await holder.need(), input, actor),
    'liveness.start': async (input) => {
      await functions.startChallenge(input)
      return {}
    },
    'liveness.cancel': async (input: { sessionId: SessionId }) => {
      await functions.cancelChallenge(input)
      return {}
    },
    'capture.take': async (input) => await functions.takeFromSession(input),
    'capture.fromPicture': async (input) => {
      if (input.source === 'simulated') await demoOnly()
      return await stills.functions.captureFromPicture(input)
    },
    'capture.drop': async (input: { captureId: CaptureId }) => {
      await functions.dropCapture(input)
      return {}
    },
  } satisfies Partial<Handlers>
}

function faceHandlers({ face: { stills, port } }: Parts) {
  return {
    'face.detect': async (input) => {
      const { faces, timings } = await stills.functions.detect({ picture: input.image, repeat: input.repeat })
      return { faces: faces.map(({ box, landmarks, detectionScore }) => ({ bbox: box, landmarks, confidence: detectionScore })), timings }
    },
    'face.template': async (input) => {
      const made = await stills.functions.template({ picture: input.image, aligned: input.aligned, repeat: input.repeat })
      const embedding = { embedding: Array.from(made.template), quality: made.qualityScore, confidence: made.detectionScore }
      return { success: true, embedding, message: null, timings: made.timings }
    },
    'face.quality': async (input) => {
      const { components } = await stills.functions.quality({ picture: input.image })
      return { assessment: assess(presetOf(input.preset), components), notMeasured: componentsNotMeasured }
    },
    'picture.process': async (input) => {
      const { picture, metadata } = await stills.functions.process({ picture: input.image, operations: input.operations })
      return { image: picture === null ? null : Buffer.from(picture).toString('base64'), metadata }
    },
    'comparison.score': async (input) => {
      const score = (second: readonly number[]) => {
        const result = similarity(input.template1, second)
        if (result === undefined)
          throw new VultusError('template.invalid', 'templates have one dimension, finite numbers and a length above 0')
        return result
      }
      return input.template2 !== undefined ? score(input.template2) : { scores: (input.templates ?? []).map(score) }
    },
    'comparison.decide': async (input) => await compareCaptures({ face: port }, input),
  } satisfies Partial<Handlers>
}

function subjectHandlers(parts: Parts) {
  return {
    'subject.enrol': async (input, actor) => await enrol(await parts.ports(), input, actor),
    'subject.verify': async (input, actor) => await verify(await parts.ports(), input, actor),
    'gallery.identify': async (input, actor) => await identify(await parts.ports(), input, actor),
    'gallery.status': async () => {
      const { model, references, sequence, ready } = await (await parts.ports()).matcher.status({})
      return { model, references, sequence, ready }
    },
    'subject.get': async (input, actor) => showSubject(await parts.holder.need(), input, actor),
    'subject.picture': async (input) => {
      const vault = await parts.holder.need()
      if (vault.subjects.auditIdOf(input.id) === undefined) throw new VultusError('subject.unknown')
      return { sample: vault.references.newestSample(input.id) as Uint8Array<ArrayBuffer> | null }
    },
    'subject.label': async (input, actor) => await changeLabel(parts.modelPorts(await parts.holder.need()), input, actor),
    'subject.export': async (input) => exportSubject(await parts.holder.need(), input, Date.now()),
    'subject.erase': async (input, actor) => await erase(await parts.ports(), input, actor),
  } satisfies Partial<Handlers>
}

function stationHandlers(parts: Parts) {
  return {
    'health.get': async () => healthOf(parts),
    'status.get': async () => statusOf(parts),
    'station.figures': async () => parts.figures.now(),
    'demo.portrait': async (input) => {
      if ((await parts.holder.need()).kind !== 'demo') throw new VultusError('vault.kindRefused')
      const { picture } = await parts.face.process.functions.drawPortrait(input)
      return { picture: picture as Uint8Array<ArrayBuffer> }
    },
    'template.store': async (input, actor) => await storeTemplate(await parts.ports(), input, actor),
    'template.retrieve': async (input, actor) => retrieveTemplate(await parts.ports(), input, actor),
    'template.findMatches': async (input, actor) => await findMatches(await parts.ports(), input, actor),
  } satisfies Partial<Handlers>
}
