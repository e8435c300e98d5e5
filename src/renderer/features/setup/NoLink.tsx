/** There is no link to the station: it is being made, or it is lost for good and says what to do. */
import { Unplug } from 'lucide-react'
import type { LinkState } from '../../client/client.ts'
import { text } from '../../locale/text.ts'
import { SetupFrame } from './SetupFrame.tsx'

export function NoLink({ link }: { readonly link: Exclude<LinkState, { name: 'ready' }> }) {
  if (link.name === 'connecting') {
    return (
      <SetupFrame head={text.product} title={text.link.connecting} words={text.link.again}>
        <span role="status" className="sr">
          {text.link.connecting}
        </span>
      </SetupFrame>
    )
  }
  return (
    <SetupFrame head={text.product} title={text.link.lost} words={link.message}>
      <div className="banner neg" role="alert">
        <Unplug className="i" aria-hidden="true" />
        <p>{link.remedy}</p>
      </div>
    </SetupFrame>
  )
}
