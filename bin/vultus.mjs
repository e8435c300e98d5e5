#!/usr/bin/env node
// The one command of Vultus. It runs on Node 20 with nothing installed, so it and bin/launcher/ are plain JavaScript.

const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 20) {
  process.stderr.write(`vultus: Node.js 20 or newer is needed; this is ${process.versions.node}.\n`)
  process.exit(5)
}
const { launch } = await import('./launcher/launch.mjs')
process.exitCode = await launch(process.argv.slice(2))
