/**
 * Matching the patterns of form policies in time that is linear in the value, whatever the pattern: all ways to match go on side
 * by side (Thompson, "Regular expression search algorithm", CACM 1968), so that there is nothing to go back to.
 */
import { type CharacterTest, PatternError, type PatternNode, parsePattern } from './patternSyntax.ts'

/** Steps of a program; a value of 500 characters takes at most 250,000 tests. */
const instructionsMax = 500
/** Parts that are looked at while it is compiled: repetitions of nothing make no instructions. */
const partsMax = 20_000

type Instruction =
  | { readonly kind: 'character'; readonly test: CharacterTest }
  /** Goes on at both. */
  | { readonly kind: 'split'; first: number; second: number }

/** A pattern that is ready to be matched; its end is behind the last instruction. */
export interface Pattern {
  readonly instructions: readonly Instruction[]
}

class Compiler {
  readonly instructions: Instruction[] = []
  #parts = 0

  add(node: PatternNode): void {
    if (++this.#parts > partsMax) throw new PatternError('it is too large')
    if (node.kind === 'character') this.#emit(node)
    else if (node.kind === 'sequence') for (const part of node.parts) this.add(part)
    else if (node.kind === 'choice') this.#addChoice(node.parts)
    else this.#addRepeat(node)
  }

  #emit(instruction: Instruction): number {
    if (this.instructions.length >= instructionsMax) throw new PatternError('it is too large')
    return this.instructions.push(instruction) - 1
  }

  #split(): { first: number; second: number } {
    const split: Instruction = { kind: 'split', first: 0, second: 0 }
    const at = this.#emit(split)
    split.first = at + 1
    split.second = at + 1
    return split
  }

  #addChoice(parts: readonly PatternNode[]): void {
    const ends: { first: number; second: number }[] = []
    for (const [index, part] of parts.entries()) {
      if (index === parts.length - 1) {
        this.add(part)
        break
      }
      const split = this.#split()
      this.add(part)
      ends.push(this.#split())
      split.second = this.instructions.length
    }
    for (const end of ends) end.first = end.second = this.instructions.length
  }

  #addRepeat({ part, min, max }: Extract<PatternNode, { kind: 'repeat' }>): void {
    for (let time = 0; time < min; time++) this.add(part)
    if (!Number.isFinite(max)) {
      const start = this.instructions.length
      const split = this.#split()
      this.add(part)
      const back = this.#split()
      back.first = back.second = start
      split.second = this.instructions.length
      return
    }
    const skips: { second: number }[] = []
    for (let time = min; time < max; time++) {
      skips.push(this.#split())
      this.add(part)
    }
    for (const skip of skips) skip.second = this.instructions.length
  }
}

/** @throws PatternError for what is not in the subset, or too large */
export function compilePattern(source: string): Pattern {
  const compiler = new Compiler()
  compiler.add(parsePattern(source))
  return { instructions: compiler.instructions }
}

/** Whether the whole text matches. */
export function matchesPattern({ instructions }: Pattern, text: string): boolean {
  const end = instructions.length
  let current = reachedFrom(instructions, [0])
  for (const character of text) {
    const codePoint = character.codePointAt(0) as number
    const following: number[] = []
    for (const at of current) {
      const instruction = instructions[at]
      if (instruction?.kind === 'character' && instruction.test(codePoint)) following.push(at + 1)
    }
    if (following.length === 0) return false
    current = reachedFrom(instructions, following)
  }
  return current.includes(end)
}

/** Where one can be without taking a character; each place once. */
function reachedFrom(instructions: readonly Instruction[], from: readonly number[]): number[] {
  const seen = new Uint8Array(instructions.length + 1)
  const waiting = [...from]
  const reached: number[] = []
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen[at] === 1) continue
    seen[at] = 1
    const instruction = instructions[at]
    if (instruction?.kind === 'split') waiting.push(instruction.second, instruction.first)
    else reached.push(at)
  }
  return reached
}
