/**
 * A stand-in for the station behind Electron's preload, for pictures and tests of the window alone: a gallery in memory, captures from
 * drawn pictures, and live packets for every frame that is sent. It runs inside the page, so what it is made of comes in as text.
 */
import { errorTable } from '../../src/contract/errors.ts'
import { deskFallback } from '../../src/contract/rows/desk.ts'
import { deskAnswers } from './fakeDesk.ts'
import { intakeAnswers } from './fakeIntake.ts'
import { livePacket } from './fakeLive.ts'
import { officeAnswers } from './fakeOffice.ts'
import { type FakeAnswers, type FakeContract, type FakePage, fakePage } from './fakePage.ts'
import type { FakePlan } from './fakePlan.ts'
import { subjectAnswers } from './fakeSubjects.ts'

/** What is put into the page before its own scripts. */
export const fakeBridgeScript = (plan: FakePlan): string => {
  const contract: FakeContract = { errors: errorTable, desk: deskFallback }
  const answers = [deskAnswers, subjectAnswers, intakeAnswers, officeAnswers].join(', ')
  return `(${installFakeBridge})(${JSON.stringify(plan)}, ${JSON.stringify(contract)}, ${fakePage}, [${answers}], ${livePacket})`
}

/** Makes window.vultusBridge. */
function installFakeBridge(
  plan: FakePlan,
  contract: FakeContract,
  pageOf: typeof fakePage,
  groups: readonly ((page: FakePage) => FakeAnswers)[],
  packetOf: typeof livePacket,
): void {
  const page = pageOf(plan, contract)
  const { state, refusal } = page
  const answers: FakeAnswers = Object.assign({}, ...groups.map((answersOf) => answersOf(page)))
  const listeners = new Set<(name: string, payload: unknown) => void>()
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
        if (code !== undefined) return refusal(code)
        const answer = plan.answers?.[name] ?? answers[name]?.(input) ?? refusal('request.unknown', undefined, name)
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
