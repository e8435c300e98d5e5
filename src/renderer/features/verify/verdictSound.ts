/** A sound for each verdict, so that it is heard by who does not look: rising, falling low, or twice the same. */
import type { VerdictName } from './VerdictShape.tsx'

export interface Tone {
  readonly hertz: number
  /** After the beginning of the sound, milliseconds. */
  readonly atMs: number
  readonly lastsMs: number
}

/** With details covered every verdict sounds the same. */
export const verdictTones: Readonly<Record<VerdictName | 'covered', readonly Tone[]>> = {
  match: [
    { hertz: 660, atMs: 0, lastsMs: 110 },
    { hertz: 990, atMs: 120, lastsMs: 200 },
  ],
  nonMatch: [
    { hertz: 330, atMs: 0, lastsMs: 200 },
    { hertz: 220, atMs: 220, lastsMs: 300 },
  ],
  inconclusive: [
    { hertz: 440, atMs: 0, lastsMs: 120 },
    { hertz: 440, atMs: 220, lastsMs: 120 },
  ],
  covered: [{ hertz: 550, atMs: 0, lastsMs: 160 }],
}

const loudness = 0.2
/** Tones begin and end softly: a hard edge is heard as a click. */
const edgeS = 0.015
let context: AudioContext | undefined

/** Plays the sound of a verdict; a browser that allows no sound yet plays none. */
export function playVerdict(name: VerdictName | 'covered'): void {
  context ??= new AudioContext()
  // Refused until somebody has pressed something in the window; a verdict is seen and read in any case.
  void context.resume().catch(() => undefined)
  for (const { hertz, atMs, lastsMs } of verdictTones[name]) playTone(context, hertz, context.currentTime + atMs / 1000, lastsMs / 1000)
}

function playTone(audio: AudioContext, hertz: number, startS: number, lastsS: number): void {
  const [oscillator, gain] = [audio.createOscillator(), audio.createGain()]
  oscillator.frequency.value = hertz
  gain.gain.setValueAtTime(0, startS)
  gain.gain.linearRampToValueAtTime(loudness, startS + edgeS)
  gain.gain.setValueAtTime(loudness, startS + lastsS - edgeS)
  gain.gain.linearRampToValueAtTime(0, startS + lastsS)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(startS)
  oscillator.stop(startS + lastsS)
}
