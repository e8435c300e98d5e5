/** A reader that has gone away (`| head`, a terminal that was closed) ends the writing, not the station. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') process.exitCode = 5
    })
  }
}
