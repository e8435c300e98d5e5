/** A set of listeners; what one of them throws does not keep the others from hearing. */
export class Listeners<Parameters extends readonly unknown[]> {
  readonly #listeners = new Set<(...parameters: Parameters) => void>()

  /** @returns ends the subscription */
  add(listener: (...parameters: Parameters) => void): () => void {
    const own = (...parameters: Parameters) => listener(...parameters)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  tell(...parameters: Parameters): void {
    for (const listener of this.#listeners) {
      try {
        listener(...parameters)
      } catch (error) {
        reportError(error)
      }
    }
  }
}
