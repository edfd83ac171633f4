import { describe, expect, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { setSequences } from '../../src/engine/after-copy/sequences.ts'
import { compareDatabases } from '../support/compare.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { loadSql } from '../support/load-sql.ts'
import { ownServer } from '../support/servers.ts'
import { sessionOn } from '../support/session.ts'

const definitions = `
  CREATE SEQUENCE unused;
  CREATE SEQUENCE "Used ""once""";
  CREATE SEQUENCE set_uncalled START 5;
  CREATE SEQUENCE downwards INCREMENT -3 MAXVALUE -1 MINVALUE -9223372036854775808;
  CREATE SEQUENCE small AS smallint MAXVALUE 300 CYCLE;
  CREATE TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY, c bigserial);
  CREATE SCHEMA "Sch.ema";
  CREATE SEQUENCE "Sch.ema"."::error::";
  CREATE SCHEMA seren_replicator;
  CREATE SEQUENCE seren_replicator.ours;`

const values = `
  SELECT nextval('"Used ""once"""');
  SELECT setval('set_uncalled', 77, false);
  SELECT setval('downwards', -9223372036854775808);
  SELECT setval('small', 300);
  SELECT setval('"Sch.ema"."::error::"', 9223372036854775807);
  SELECT setval('seren_replicator.ours', 5);
  INSERT INTO t SELECT FROM generate_series(1, 10);`

describe('sequences', () => {
  test.for<[ServerMajor, ServerMajor]>([
    [12, 18],
    [18, 12],
    [15, 15],
  ])('from %i to %i have the value and whether it was used', async ([source, target], context) => {
    const pair = await databasePair(context, { source, target })
    for (const one of [pair.source, pair.target]) await loadSql(one.url, definitions)
    await loadSql(pair.source.url, values)
    await loadSql(pair.target.url, `SELECT nextval('unused'), setval('small', 3, false)`)
    expect(await set(pair)).toEqual({ count: 9, warnings: [] })
    expect(await compareDatabases(pair.source.url, pair.target.url, { except: ['public.t'] })).toEqual([])
    expect(await pair.target.query('SELECT is_called FROM seren_replicator.ours')).toEqual([{ is_called: 'f' }])
  })

  test('are set 500 at a time, and those that only one side has are left alone', async (context) => {
    const pair = await databasePair(context)
    const many = "DO $$ BEGIN FOR n IN 1..1100 LOOP EXECUTE format('CREATE SEQUENCE s%s', n); END LOOP; END $$;"
    for (const one of [pair.source, pair.target]) await loadSql(one.url, many)
    await loadSql(pair.source.url, `SELECT setval(oid, 7) FROM pg_class WHERE relkind = 'S'; DROP SEQUENCE s7; CREATE SEQUENCE mine`)
    await loadSql(pair.target.url, 'CREATE SEQUENCE its_own')
    expect(await set(pair)).toEqual({ count: 1099, warnings: [] })
    expect(await pair.target.query(`SELECT last_value, count(*) FROM pg_sequences GROUP BY 1 ORDER BY 1`)).toEqual([
      { last_value: '7', count: '1099' },
      { last_value: null, count: '2' },
    ])
  })

  test('that fail are named, and the others set', async (context) => {
    const pair = await databasePair(context)
    await loadSql(
      pair.source.url,
      `CREATE SEQUENCE a; CREATE SEQUENCE "B"; CREATE SEQUENCE c; SELECT setval('a', 5), setval('"B"', 5000), setval('c', 6)`,
    )
    await loadSql(pair.target.url, 'CREATE SEQUENCE a; CREATE SEQUENCE "B" MAXVALUE 4000; CREATE SEQUENCE c')
    const { count, warnings } = await set(pair)
    expect(count).toBe(2)
    expect(warnings).toEqual([
      expect.objectContaining({
        code: 'sequence-failed',
        relation: '"public"."B"',
        message: expect.stringContaining('out of bounds'),
        sql: expect.stringContaining('setval'),
      }),
    ])
    expect(await pair.target.query('SELECT (SELECT last_value FROM a) AS a, (SELECT last_value FROM c) AS c')).toEqual([{ a: '5', c: '6' }])
  })

  test('that may not be read are named', async () => {
    await using server = await ownServer({ major: 15 })
    const plain = { user: 'reader', password: 'reader' }
    await loadSql(
      server.url(),
      `CREATE ROLE reader LOGIN PASSWORD 'reader'; CREATE SEQUENCE open; CREATE SEQUENCE closed; GRANT SELECT ON open TO reader; SELECT nextval('open')`,
    )
    await loadSql(server.url('template1'), 'CREATE SEQUENCE open; CREATE SEQUENCE closed')
    await using source = await sessionOn(server.url('postgres', plain))
    await using target = await sessionOn(server.url('template1'))
    const { count, warnings } = await setSequences({ source, target, database: 'postgres', emit: () => undefined })
    expect(count).toBe(1)
    expect(warnings).toEqual([
      expect.objectContaining({ relation: '"public"."closed"', sql: 'GRANT SELECT ON SEQUENCE "public"."closed" TO "reader"' }),
    ])
  })
})

async function set(pair: DatabasePair) {
  await using source = await sessionOn(pair.source.url)
  await using target = await sessionOn(pair.target.url)
  return await setSequences({ source, target, database: pair.source.name, emit: () => undefined })
}
