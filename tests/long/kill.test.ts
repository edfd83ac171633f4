/** @module-tag long */
import { expect, test } from 'vitest'
import { clientTools } from '../support/client-tools.ts'
import { runCommand, startCommand } from '../support/command.ts'
import { compareDatabases } from '../support/compare.ts'
import { databasePair } from '../support/database-pair.ts'
import { loadSized } from '../support/sized.ts'

const rounds = 20

test(`SIGKILL at ${rounds} random moments of a copy of 300 MB: each rerun ends equal`, async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, createTarget: false, mayLeave: ['file'] })
  await loadSized(pair.source, 300)
  const args = ['--include-databases', pair.source.name, '--client-tools', clientTools(15)]
  const environment = {
    env: { SEREN_SOURCE_URL: pair.source.url, SEREN_TARGET_URL: pair.target.server.url(), TMPDIR: pair.temporaryFolder },
  }
  const whole = await runCommand(['init', '--snapshot-only', ...args], environment)
  expect(whole).toMatchObject({ code: 0 })
  for (let round = 0; round < rounds; round++) {
    await using running = startCommand(['init', '--snapshot-only', '--no-resume', '--drop-existing', ...args], environment)
    const moment = Math.random() * whole.seconds
    await new Promise((resolve) => setTimeout(resolve, moment * 1000))
    running.kill('SIGKILL')
    await running.finished
    const again = await runCommand(['init', '--snapshot-only', '--drop-existing', ...args], environment)
    expect(again, `killed after ${moment.toFixed(2)} s:\n${again.output}`).toMatchObject({ code: 0 })
    expect(await compareDatabases(pair.source.url, pair.target.url), `killed after ${moment.toFixed(2)} s`).toEqual([])
  }
})
