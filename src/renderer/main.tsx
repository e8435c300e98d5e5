/** Entry of the window. */
import '@fontsource-variable/inter/wght.css'
import '@fontsource/ibm-plex-sans-arabic/arabic-400.css'
import '@fontsource/ibm-plex-sans-arabic/arabic-500.css'
import '@fontsource/ibm-plex-sans-arabic/arabic-600.css'
import './ui/tokens.css'
import './ui/base.css'
import './ui/shell.css'
import './live/stage.css'
import './features/setup/setup.css'
import './features/signIn/signIn.css'
import './features/enrol/enrol.css'
import './features/verify/verify.css'
import './features/identify/identify.css'
import './ui/office.css'
import './features/decision/decision.css'
import './features/inbox/inbox.css'
import './features/subjects/subjects.css'
import './features/settings/settings.css'
import './features/health/health.css'
import './features/models/models.css'
import './features/clients/clients.css'
import './features/commands/commands.css'
import './ui/options.css'
import './ui/place.css'
import './features/bulk/bulk.css'
import 'uplot/dist/uPlot.min.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { connectStation } from './client/connect.ts'
import { followMeasures } from './features/health/measures.ts'
import { followInbox } from './features/inbox/inboxStore.ts'
import { followLook } from './state/look.ts'
import { followOperator } from './state/operator.ts'
import { followStation } from './state/station.ts'

followLook()
const place = document.getElementById('root')
if (place === null) throw new Error('index.html has no element with the id root.')
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
void connectStation().then((client) => {
  followOperator(client)
  followMeasures(client)
  followInbox(client)
  return followStation(client)
})
