import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect, promisify } from 'node:util'
import { expect, type TestContext, test } from 'vitest'
import { own, unprivilegedAccount } from '../../src/commands/demo/initdb.ts'
import { expectDone, expectEqual, expectRemoved } from '../support/continuous.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runOn } from '../support/engine.ts'

const tables = 'create table account (id int primary key, version int); insert into account values (1, 1)'
/** All that a server can be made to log of statements. */
const settings = { log_statement: 'all', log_min_duration_statement: 0, log_min_error_statement: 'debug5', log_replication_commands: true }

test('the password stands in the subscription, and nowhere else', async (context) => {
  const pair = await databasePair(context, { own: { settings } })
  await pair.source.query(tables)
  const watching = watchProcesses(pair.source.server.password)
  const runs = [await expectDone(pair, 'init'), await expectDone(pair, 'sync')]
  expect(runs.flatMap(({ result }) => result.warnings.map(({ code }) => code))).toContain('subscription-password')
  expect(await watching.stop()).toEqual([])
  expect(await conninfo(pair)).toEqual([expect.stringContaining(pair.source.server.password)])
  await expectEqual(pair)
  // One that can't be made: the server would log the statement with the error.
  const unreachable = await runOn(pair, 'validate', { sourceFromTarget: { host: '127.0.0.1', port: 1 } })
  expect(unreachable.result.problems).toContainEqual(expect.objectContaining({ code: 'publisher-unreachable' }))
  await expectRemoved(pair)
  expect(inspect([...runs, unreachable], { depth: null })).not.toContain(pair.source.server.password)
  await expectUnlogged(pair)
})

test('with passfile, the password stays in the file', async (context) => {
  const pair = await databasePair(context, { own: { settings } })
  await pair.source.query(tables)
  const passfile = await writePassfile(context, pair)
  const withFile = { ...pair, source: { ...pair.source, url: `${pair.source.url}?passfile=${encodeURIComponent(passfile)}` } }
  const overrides = { subscriptionCredentials: 'passfile' } as const
  await expectDone(withFile, 'init', overrides)
  await expectDone(withFile, 'sync', overrides)
  expect(await conninfo(pair)).toEqual([expect.not.stringContaining(pair.source.server.password)])
  await expectEqual(pair)
  await expectRemoved(pair)
  await expectUnlogged(pair)
})

async function conninfo({ target }: DatabasePair): Promise<string[]> {
  return (await target.query<{ subconninfo: string }>('select subconninfo from pg_subscription')).map((one) => one.subconninfo)
}

async function expectUnlogged({ source, target }: DatabasePair): Promise<void> {
  for (const { server } of [source, target]) {
    const log = await readFile(server.logFile, 'utf8')
    expect(log).toContain('statement: ')
    expect(log.split('\n').filter((line) => line.includes(source.server.password))).toEqual([])
  }
}

/** On the target's machine, of the user who runs the server there. */
async function writePassfile(context: TestContext, { source }: DatabasePair): Promise<string> {
  const account = await unprivilegedAccount()
  // Not in the test's temporary folder, which others may not enter.
  const folder = await mkdtemp(join(tmpdir(), '..', 'passfile-'))
  context.onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'passwords')
  await writeFile(file, `${source.server.host}:${source.server.port}:*:${source.server.user}:${source.server.password}\n`, { mode: 0o600 })
  for (const path of [folder, file]) await own(path, account)
  return file
}

/** Command lines that hold the word, of all processes, as anyone on the machine can see them. */
function watchProcesses(word: string): { stop(): Promise<string[]> } {
  const found: string[] = []
  let stopped = false
  const watching = (async () => {
    while (!stopped) {
      const { stdout } = await promisify(execFile)('ps', ['-eww', '-o', 'args='])
      found.push(...stdout.split('\n').filter((line) => line.includes(word)))
      await sleep(20)
    }
  })()
  return {
    async stop() {
      stopped = true
      await watching
      return found
    },
  }
}
