import { createInterface } from 'node:readline/promises'
import { isDebian } from './machine.mjs'
import { run } from './processes.mjs'
import { showOutput, step } from './progress.mjs'

/**
 * Whether Debian packages can be installed without asking for a password.
 * @param {import('./machine.mjs').Machine} machine
 */
export function canInstallPackages(machine) {
  return machine.root && isDebian(machine)
}

/**
 * @param {import('./machine.mjs').Machine} machine
 * @param {string} root
 * @param {readonly string[]} packages
 * @returns {Promise<boolean>} whether apt-get installed them
 */
export async function installPackages(machine, root, packages) {
  const options = { cwd: root, env: { ...machine.env, DEBIAN_FRONTEND: 'noninteractive' }, quiet: true }
  return await step(`installing ${packages.join(', ')} with apt-get`, async () => {
    const updated = await run('apt-get', ['update'], options)
    const installed =
      updated.code === 0 ? await run('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], options) : updated
    if (installed.code !== 0) showOutput(installed.output)
    return installed.code === 0
  })
}

/**
 * Asks the person at the terminal. Only call it where there is one.
 * @param {string} question
 * @returns {Promise<boolean>} yes, or just Enter
 */
export async function askYes(question) {
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  reader.once('SIGINT', () => process.exit(130))
  try {
    // Ctrl-D ends the question without an answer: that is a no.
    const answer = await reader.question(`vultus: ${question} [Y/n] `).catch(() => 'n')
    return /^(y|yes)?$/i.test(answer.trim())
  } finally {
    reader.close()
  }
}
