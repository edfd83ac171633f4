import { expect, test } from 'vitest'
import { Rejection } from '../../src/errors.ts'
import { databasePair } from '../support/database-pair.ts'
import { runOn } from '../support/engine.ts'
import { hasPgBouncer, startPgBouncer } from '../support/pgbouncer.ts'

for (const mode of ['session', 'transaction'] as const) {
  test.skipIf(!hasPgBouncer)(`PgBouncer in front of the source, by ${mode}, is recognised and refused`, async (context) => {
    const pair = await databasePair(context)
    await pair.source.query('create table t (id int primary key)')
    await using bouncer = await startPgBouncer(pair.source.server, mode)
    const through = { ...pair, source: { ...pair.source, url: bouncer.url(pair.source.url) } }
    const found = expect.objectContaining({
      code: 'pooler',
      message: expect.stringContaining(`The source 127.0.0.1:${bouncer.port} is a connection pooler`),
      hint: expect.stringContaining('direct connection'),
    })
    const { result } = await runOn(through, 'validate')
    expect(result.problems).toContainEqual(found)
    const error = await runOn(through, 'init').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Rejection)
    expect(error).toMatchObject({ problems: expect.arrayContaining([found]) })
    expect(await pair.target.query(`select nspname from pg_namespace where nspname = 'seren_replicator'`)).toEqual([])
  })
}
