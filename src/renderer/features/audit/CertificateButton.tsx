/** Saves the certificate of an erasure again, without what matches it with an id. */
import { fill, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { saveFile } from '../../ui/saveFile.ts'

export function CertificateButton({ record }: { readonly record: number }) {
  const { doing, refusal, run, dismiss } = useDoing()
  const save = () =>
    void run(async () => {
      const certificate = await call('certificate.get', { record })
      saveFile(`vultus-erasure-${record}.json`, [`${JSON.stringify(certificate)}\n`], 'application/json')
    })
  return (
    <>
      <button
        type="button"
        className="btn btn-sm"
        disabled={doing}
        aria-label={fill(text.audit.certificateOf, { n: record })}
        onClick={save}
      >
        {text.audit.certificate}
      </button>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
    </>
  )
}
