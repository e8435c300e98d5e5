/** The environment of the station's processes: what they need, and nothing that is secret or that reports to anybody. */
import { processEnvironment } from '../contract/processes.ts'

/** What a child needs of the environment; secrets and the rest stay here. */
const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'LD_LIBRARY_PATH']

/** ONNX Runtime otherwise writes a device id and a queue of events into the home folder, and sends them. */
const noTelemetry = { ORT_DISABLE_TELEMETRY: '1' } as const

/** @param environment of this process */
export function childEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed = kept.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]] as const]))
  return { ...Object.fromEntries(passed), ...processEnvironment, ...noTelemetry }
}
