/** @module-tag long */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { clientTools } from '../support/client-tools.ts'
import { runCommand, startCommand } from '../support/command.ts'
import { expectEqual, expectRemoved, expectUndisturbed } from '../support/continuous.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { phases, small } from '../support/faults.ts'
import { leaveLane } from '../support/lanes.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

const randomRounds = 20
const commands = ['init', 'sync'] as const
type Command = (typeof commands)[number]

for (const command of commands) {
  test(`SIGKILL in each phase of ${command}: run again, every row is there`, async (context) => {
    const pair = await prepare(context)
    for (const phase of phases[command]) {
      // The moments after a phase's beginning differ; merging is the most delicate of all.
      for (let round = 0; round < (phase === 'merge' ? 6 : 1); round++) {
        const delay = Math.random() * (round + 1) * 200
        await expectKilled(pair, command, `${delay.toFixed(0)} ms after the beginning of ${phase}`, async (output) => {
          await output(new RegExp(`^${phase}( of .*)? …$`, 'm'))
          await sleep(delay)
        })
      }
    }
  })

  test(`SIGKILL at ${randomRounds / 2} random moments of ${command}: run again, every row is there`, async (context) => {
    const pair = await prepare(context)
    await using writer = await startWriter(pair.source, small)
    const init = await runWell(pair, 'init')
    const sync = await runWell(pair, 'sync')
    await writer.stop()
    await expectRemoved(pair)
    for (let round = 0; round < randomRounds / 2; round++) {
      const delay = Math.random() * { init, sync }[command].seconds
      await expectKilled(pair, command, `after ${delay.toFixed(2)} s`, () => sleep(delay * 1000))
    }
  })
}

async function prepare(context: Parameters<typeof databasePair>[0]): Promise<DatabasePair> {
  const pair = await databasePair(context, { source: 17, target: 18, createTarget: false, mayLeave: ['file'] })
  await loadWriterTables(pair.source, small)
  return pair
}

/** A replication under writes whose command dies at a moment, and is run again. `sync` has two lanes to merge. */
async function expectKilled(
  pair: DatabasePair,
  command: Command,
  when: string,
  moment: (output: (pattern: RegExp) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await using writer = await startWriter(pair.source, small)
  if (command === 'sync') {
    await leaveLane(pair, 4, { dropExisting: true })
    await runWell(pair, 'init')
  }
  await using running = startCommand(...commandLine(pair, command))
  await moment((pattern) => running.waitFor(pattern))
  running.kill('SIGKILL')
  await running.finished
  if (command === 'init') await runWell(pair, 'init', when)
  await runWell(pair, 'sync', when)
  await expectUndisturbed(writer)
  await expectEqual(pair)
  await expectRemoved(pair)
}

async function runWell(pair: DatabasePair, command: Command, when = '') {
  const result = await runCommand(...commandLine(pair, command))
  expect(result.code, `${when}\n${result.output}`).toBe(0)
  return result
}

function commandLine(pair: DatabasePair, command: Command) {
  const more = command === 'init' ? ['--drop-existing'] : []
  const args = [command, '--include-databases', pair.source.name, '--client-tools', clientTools(17), '--log-level', 'debug', ...more]
  const env = { SEREN_SOURCE_URL: pair.source.url, SEREN_TARGET_URL: pair.target.server.url(), TMPDIR: pair.temporaryFolder }
  return [args, { env }] as const
}
