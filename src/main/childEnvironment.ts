/** What the face and matcher processes get of this process's environment: no secret, and no reporting to anybody. */

const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'LD_LIBRARY_PATH']

/** The inference runtime keeps a usage log in the temporary folder and can send it; a station does neither. */
const fixed = { ORT_DISABLE_TELEMETRY: '1' }

/** @param extra variables beside them */
export function childEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = Object.fromEntries(
    kept.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return { ...own, ...fixed, ...extra }
}
