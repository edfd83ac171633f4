import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DatabaseRun } from '../../src/engine/database-run.ts'
import { readSchema } from '../../src/engine/schema/read-schema.ts'
import { openSnapshot } from '../../src/engine/snapshot-relay.ts'
import { ReplicatorError } from '../../src/errors.ts'
import type { Session } from '../../src/pg/session.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { engineConfig, runInit } from '../support/engine.ts'
import { sessionOn } from '../support/session.ts'

test('pg_dump has ended and its password file is gone when a query beside it fails', async (context) => {
  const pair = await databasePair(context)
  const folder = await mkdtemp(join(tmpdir(), 'slow-pg-dump-'))
  context.onTestFinished(() => rm(folder, { recursive: true }))
  const [pgDump, note] = [join(folder, 'pg_dump'), join(folder, 'note')]
  await writeFile(pgDump, `#!/bin/sh\necho "$$ $PGPASSFILE" > '${note}.new'\nmv '${note}.new' '${note}'\nexec sleep 60\n`)
  await chmod(pgDump, 0o755)
  const run = runWith(pair, pgDump)
  const lost = async () => {
    await expect
      .poll(() =>
        access(note).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    throw new ReplicatorError('connection-lost', 'the target is gone')
  }
  await using snapshot = await openSnapshot(run)
  await expect(readSchema(run, snapshot, { rows: lost, one: lost } as unknown as Session)).rejects.toMatchObject({
    code: 'connection-lost',
  })
  const [pid, passfile = ''] = (await readFile(note, 'utf8')).trim().split(' ')
  expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH')
  await expect(access(passfile)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a failure of pg_dump is heard while a query beside it waits', async (context) => {
  const pair = await databasePair(context)
  const folder = await mkdtemp(join(tmpdir(), 'failing-pg-dump-'))
  context.onTestFinished(() => rm(folder, { recursive: true }))
  const pgDump = join(folder, 'pg_dump')
  await writeFile(pgDump, '#!/bin/sh\necho "no lock" >&2\nexit 1\n')
  await chmod(pgDump, 0o755)
  const run = runWith(pair, pgDump)
  await using snapshot = await openSnapshot(run)
  const waiting = () => new Promise<never>(() => undefined)
  await expect(readSchema(run, snapshot, { rows: waiting, one: waiting } as unknown as Session)).rejects.toMatchObject({
    code: 'restore-failed',
  })
})

test('a lock on a source table is waited for, but not for ever', { timeout: 90_000, tags: ['long'] }, async (context) => {
  // A slot on the same server would wait for the transaction as long.
  const pair = await databasePair(context, { own: true })
  await pair.source.query('create table locked (id int primary key)')
  await using holder = await sessionOn(pair.source.url)
  await holder.run('begin; lock table public.locked in access exclusive mode')
  const { result } = await runInit(pair)
  expect(result).toMatchObject({ outcome: 'failed', problems: [{ code: 'statement-failed', hint: expect.stringContaining('pg_locks') }] })
})

function runWith(pair: DatabasePair, pgDump: string): DatabaseRun {
  const plan = { tables: [], leftOut: [], timescaledb: null }
  const { source } = engineConfig(pair)
  return { plan, source, database: pair.source.name, pgDump, pgRestore: '', signal: new AbortController().signal } as unknown as DatabaseRun
}
