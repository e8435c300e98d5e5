/** Exit codes of the command line, by meaning. */
export const exitCodes = {
  done: 0,
  notMatched: 1,
  usage: 2,
  picture: 3,
  vault: 4,
  internal: 5,
  notFound: 6,
  duplicate: 7,
  notPermitted: 8,
} as const
