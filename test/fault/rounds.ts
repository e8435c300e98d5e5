/** How many rounds, and from which seed: VULTUS_ROUNDS and VULTUS_SEED, or what the test has of its own. */
export const roundsOf = (fallback: number): number => Number(process.env.VULTUS_ROUNDS ?? fallback)
export const seedOf = (fallback: number): number => Number(process.env.VULTUS_SEED ?? fallback)
