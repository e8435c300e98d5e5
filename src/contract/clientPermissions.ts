/** What programs of integrators may call at the service endpoints. */
import type { ClientPermission } from './clients.ts'
import type { ProcedureName } from './table.ts'

const faces = ['enrol', 'verify', 'identify'] as const satisfies readonly ClientPermission[]
/** What every program may ask: about the station, itself, and what the site asks people for. */
const always = 'always'

/** What each procedure needs, one of these; what is not named here no program may do. */
const needed: Readonly<Partial<Record<ProcedureName, readonly ClientPermission[] | typeof always>>> = {
  'vault.status': always,
  'health.get': always,
  'status.get': always,
  'model.list': always,
  'gallery.status': always,
  'operator.current': always,
  'client.current': always,
  'desk.settings': always,
  'consent.text': always,
  'policy.form': always,
  'capture.fromPicture': faces,
  'capture.drop': faces,
  'face.detect': ['pictures'],
  'face.quality': ['pictures'],
  'face.template': ['pictures'],
  'picture.process': ['pictures'],
  'comparison.score': ['compare'],
  'comparison.decide': ['compare'],
  'template.store': ['templates'],
  'template.retrieve': ['templates'],
  'template.findMatches': ['templates'],
  'subject.enrol': ['enrol'],
  'subject.verify': ['verify'],
  'gallery.identify': ['identify'],
  'subject.list': ['subjects'],
  'subject.search': ['subjects'],
  'subject.get': ['subjects'],
}

/** Whether a program with these permissions may call a procedure. */
export function mayCall(permissions: readonly ClientPermission[], name: ProcedureName): boolean {
  const wanted = needed[name]
  return wanted === always || (wanted?.some((one) => permissions.includes(one)) ?? false)
}
