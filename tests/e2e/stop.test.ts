import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { clientTools } from '../support/client-tools.ts'
import { runCommand, startCommand } from '../support/command.ts'
import { compareDatabases } from '../support/compare.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { query } from '../support/query.ts'
import { loadSized } from '../support/sized.ts'

/** What is written when a phase has begun or ended, in the order in which it comes. */
const moments: readonly (readonly [string, RegExp])[] = [
  ['the observation', /source: PostgreSQL/],
  ['the plan', /✓ plan/],
  ['the roles', /✓ roles/],
  ['the snapshot', /✓ database/],
  ['the pre-data', /✓ snapshot/],
  ['the copy', /copying \d+ tables/],
  ['the large objects', /✓ copy/],
  ['the post-data', /✓ large-objects/],
  ['the materialized views', /✓ sequences/],
]

for (const [phase, pattern] of moments) {
  test(`SIGTERM in ${phase}: clean, in time, and the next run completes`, async (context) => {
    const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
    await loadSized(pair.source, 12)
    await using running = startCommand(initArguments(pair), environment(pair))
    await running.waitFor(pattern)
    const asked = performance.now()
    running.kill('SIGTERM')
    const stopped = await running.finished
    expect((performance.now() - asked) / 1000).toBeLessThan(7)
    // It may have been at its very end already.
    expect([143, 0]).toContain(stopped.code)
    expect(await readdir(pair.temporaryFolder)).toEqual([])
    await expectNoSessions(pair)
    const again = await runCommand(initArguments(pair), environment(pair))
    expect(again).toMatchObject({ code: 0 })
    expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
  })
}

test('SIGINT ends with 130', async (context) => {
  const pair = await databasePair(context, { createTarget: false })
  await loadSized(pair.source, 12)
  await using running = startCommand(initArguments(pair), environment(pair))
  await running.waitFor(/copying/)
  running.kill('SIGINT')
  expect(await running.finished).toMatchObject({ code: 130 })
})

test('SIGKILL at random moments, and the next run completes', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, createTarget: false, mayLeave: ['file'] })
  await loadSized(pair.source, 20)
  for (let round = 0; round < 3; round++) {
    await using running = startCommand(initArguments(pair), environment(pair))
    await new Promise((resolve) => setTimeout(resolve, 800 + Math.random() * 2500))
    running.kill('SIGKILL')
    await running.finished
  }
  expect(await runCommand(initArguments(pair), environment(pair))).toMatchObject({ code: 0 })
  expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
})

function initArguments(pair: DatabasePair): string[] {
  return ['init', '--snapshot-only', '--include-databases', pair.source.name, '--client-tools', clientTools(pair.source.server.major)]
}

function environment(pair: DatabasePair) {
  return { env: { SEREN_SOURCE_URL: pair.source.url, SEREN_TARGET_URL: pair.target.server.url(), TMPDIR: pair.temporaryFolder } }
}

/** The servers notice the end of a connection at once when idle, and within seconds inside a long statement. */
async function expectNoSessions(pair: DatabasePair): Promise<void> {
  await expect
    .poll(
      async () => {
        const sql = "select count(*) from pg_stat_activity where application_name like 'postgres-seren-replicator%' and datname = $1"
        const counts = await Promise.all([pair.source, pair.target].map(({ server, name }) => query(server.url(), sql, [name])))
        return counts.flat().map((row) => row['count'])
      },
      { timeout: 8000 },
    )
    .toEqual(['0', '0'])
}
