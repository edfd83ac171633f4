import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DatabaseRun } from '../../src/engine/database-run.ts'
import { readSchema } from '../../src/engine/schema/read-schema.ts'
import { openSnapshot } from '../../src/engine/snapshot-relay.ts'
import { ReplicatorError } from '../../src/errors.ts'
import type { Session } from '../../src/pg/session.ts'
import { databasePair } from '../support/database-pair.ts'
import { engineConfig } from '../support/engine.ts'

test('pg_dump has ended and its password file is gone when a query beside it fails', async (context) => {
  const pair = await databasePair(context)
  const folder = await mkdtemp(join(tmpdir(), 'slow-pg-dump-'))
  context.onTestFinished(() => rm(folder, { recursive: true }))
  const [pgDump, note] = [join(folder, 'pg_dump'), join(folder, 'note')]
  await writeFile(pgDump, `#!/bin/sh\necho "$$ $PGPASSFILE" > '${note}.new'\nmv '${note}.new' '${note}'\nexec sleep 60\n`)
  await chmod(pgDump, 0o755)
  const { source } = engineConfig(pair)
  const signal = new AbortController().signal
  const run = { plan: { tables: [] }, source, database: pair.source.name, pgDump, pgRestore: '', signal } as unknown as DatabaseRun
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
  await using snapshot = await openSnapshot({ source, database: pair.source.name, signal })
  await expect(readSchema(run, snapshot, { rows: lost, one: lost } as unknown as Session)).rejects.toMatchObject({
    code: 'connection-lost',
  })
  const [pid, passfile = ''] = (await readFile(note, 'utf8')).trim().split(' ')
  expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH')
  await expect(access(passfile)).rejects.toMatchObject({ code: 'ENOENT' })
})
