/** Model packs: what there is, what works, bringing one in, comparing two. Administrators only. */
import { useEffect, useRef, useState } from 'react'
import type { Checked } from '../../../contract/rows/model.ts'
import { text } from '../../locale/text.ts'
import { useStation } from '../../state/station.ts'
import { useAsked } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { ComparePacks } from './ComparePacks.tsx'
import { CheckReport, ImportPack } from './ImportPack.tsx'
import { PackList } from './PackList.tsx'

export function ModelsPart() {
  const list = useAsked('model.list', {})
  const jobs = useAsked('job.list', {})
  const [checked, setChecked] = useState<Checked>()
  const state = useStation(({ job }) => (job === undefined ? 'none' : `${job.id} ${job.state}`))
  const again = async () => {
    await Promise.all([list.again(), jobs.again()])
  }
  const newest = useRef(again)
  newest.current = again
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew when a job begins or ends
  useEffect(() => void newest.current(), [state])
  return (
    <>
      <RefusalBanner refusal={list.refusal} />
      <div className="office">
        <div className="col g4">
          {list.value === undefined ? (
            <p className="sec">{text.office.loading}</p>
          ) : (
            <>
              <PackList list={list.value} jobs={jobs.value} onChecked={setChecked} onChanged={again} />
              <ComparePacks packs={list.value.packs.filter(({ complete }) => complete)} />
            </>
          )}
        </div>
        <div className="office-side">
          {checked !== undefined && <CheckReport checked={checked} onClose={() => setChecked(undefined)} />}
          <ImportPack
            onImported={async (imported) => {
              setChecked(imported)
              await again()
            }}
          />
        </div>
      </div>
    </>
  )
}
