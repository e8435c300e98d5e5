/** What the stand-in answers of the vault, signing in, the desk's settings and the camera. It runs inside the page, so it imports nothing. */
import type { FakeAnswers, FakePage } from './fakePage.ts'

export function deskAnswers({ plan, contract, state, createdAt, bytesOf, refusal, capture }: FakePage): FakeAnswers {
  const look = { ...contract.desk, ...plan.look }
  return {
    'vault.status': () => ({
      state: state.vault,
      kind: state.vault === 'missing' ? null : state.kind,
      key: state.vault === 'missing' ? null : 'passphrase',
      keychainAvailable: state.keychain,
      recovery: state.vault === 'open' ? 'confirmed' : null,
      problem: null,
    }),
    'vault.init': ({ key }) => {
      state.vault = 'open'
      return { kind: 'real', key, recoveryKey: Array(14).fill('7ZQK').join('-') }
    },
    'vault.unlock': ({ passphrase }) => {
      if (passphrase !== 'correct horse battery') return refusal('vault.wrongKey')
      state.vault = 'open'
      return { kind: state.kind }
    },
    'recovery.confirm': () => ({ confirmed: true }),
    'operator.current': () => {
      const { role = null } = plan
      const who =
        role === null ? { state: 'nobody', operator: null, name: null } : { state: 'signedIn', operator: 'op-1', name: 'Ada Example' }
      const lockedAt = state.signIn === 'locked' ? createdAt : null
      const now = role === null ? {} : { state: state.signIn }
      return { needed: role !== null, ...who, ...now, role, lockedAt, idleLockMs: 300_000 }
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
    'desk.settings': () => look,
    'desk.change': (change) => Object.assign(look, change),
    'capture.open': () => ({ sessionId: 'session-0000000000000001', autoCapture: false, virtualCamera: null }),
    'capture.guide': ({ preset, autoCapture = false }) => {
      // Guidance asks for a picture a moment after it may.
      if (autoCapture) setTimeout(() => (state.captures += 1), 300)
      return { preset: preset ?? 'enrolment', autoCapture }
    },
    'capture.close': () => ({}),
    'capture.drop': () => ({}),
    'capture.take': () => (state.face === null ? refusal('capture.notReady') : capture(state.kind === 'demo' ? 'simulated' : 'camera')),
    'capture.fromPicture': () => (state.pictureRefusal === null ? capture('file') : refusal(state.pictureRefusal)),
    'liveness.start': () => ({}),
    'liveness.cancel': () => ({}),
    'import.picture': () => ({ sample: bytesOf(state.samples[0]!) }),
  }
}
