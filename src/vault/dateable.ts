/** The times that a record can be dated with. */

const firstMs = Date.parse('0000-01-01T00:00:00.000Z')
const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/**
 * Milliseconds since 1970, whole, as near to what a clock shows as a date of ISO 8601 with a year of four digits can be. A clock can
 * show other years; one record with such a date would break the audit chain for good, since its time never goes back.
 */
export const dateableMs = (ms: number): number => Math.min(Math.max(Math.floor(ms), firstMs), lastMs)
