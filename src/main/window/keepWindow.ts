/** Keeps the station's window open until somebody closes it; a browser that crashes is reported and opened again, once. */
import type { ChromiumWindow } from './chromiumWindow.ts'

const reopeningsMax = 1

export interface KeepWindowOptions {
  readonly open: () => Promise<ChromiumWindow>
  /** Ends the window when it is aborted. */
  readonly stop: AbortSignal
  /** Tells a person what happened. */
  readonly report: (line: string) => void
}

/**
 * Resolves when the window has been closed and no process of the browser is left.
 * @returns crashed where the browser crashed once too often
 */
export async function keepWindow({ open, stop, report }: KeepWindowOptions): Promise<'closed' | 'crashed'> {
  for (let reopenings = 0; ; reopenings++) {
    if (stop.aborted) return 'closed'
    const window = await open()
    const stopped = new Promise<'stopped'>((resolve) => {
      if (stop.aborted) resolve('stopped')
      stop.addEventListener('abort', () => resolve('stopped'), { once: true })
    })
    const end = await Promise.race([window.ended, stopped])
    await window.close()
    if (end !== 'crashed' || stop.aborted) return 'closed'
    if (reopenings === reopeningsMax) {
      report('The window crashed again. The station ends; nothing stored was lost.')
      return 'crashed'
    }
    report('The window crashed. Nothing stored was lost; it is opened again.')
  }
}
