import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { loadAwkward } from '../support/awkward.ts'
import { clientTools, hasClientTools } from '../support/client-tools.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { loadSqlFile } from '../support/load-sql.ts'
import { pagila } from '../support/pagila.ts'
import { compareSchemas, inWords } from '../support/schema-comparison.ts'

const execute = promisify(execFile)

/** As the system's tools copy it. What belongs to the database itself stays behind. */
async function copyDatabase({ source, target }: DatabasePair): Promise<void> {
  const copy = `"$0/pg_dump" -Fc "$1" | "$0/pg_restore" -d "$2"`
  // It fails on settings that an older target doesn't know, and goes on.
  await execute('/bin/sh', ['-c', copy, clientTools(source.server.major), source.url, target.url]).catch(() => {})
}

const pairs = [
  [12, 18],
  [15, 15],
  [15, 17],
  [17, 18],
  [18, 15],
] as const

describe('what pg_dump copies is the same', () => {
  for (const [source, target] of pairs) {
    test.skipIf(!hasClientTools(source))(`from ${source} to ${target}`, async (context) => {
      const pair = await databasePair(context, { source, target, own: true })
      // What only the source's major knows can't be copied to an older one.
      const major = Math.min(source, target) as typeof source
      await pair.source.load('tests/fixtures/verify/expressions.sql', ...(pagila ?? []).slice(0, 1))
      await loadAwkward({ ...pair.source, server: { ...pair.source.server, major, url: pair.source.server.url } })
      await loadSqlFile(pair.target.server.url(), 'tests/fixtures/awkward/roles.sql')
      await copyDatabase(pair)
      const { differences } = await compareSchemas(pair)
      expect(differences.map(inWords).filter((one) => !one.startsWith('different database '))).toEqual([])
    })
  }
})

describe('what is not compared', () => {
  test('our own schema, extensions of another version, publications', async (context) => {
    const pair = await databasePair(context, { source: 15, target: 15, mayLeave: ['publication'] })
    await pair.source.query('CREATE EXTENSION citext; CREATE PUBLICATION p')
    await pair.target.query(`CREATE EXTENSION citext VERSION '1.4'; CREATE SCHEMA seren_replicator; CREATE TABLE seren_replicator.ledger (id integer);
      COMMENT ON SCHEMA seren_replicator IS 'postgres-seren-replicator'`)
    const { differences, warnings } = await compareSchemas(pair)
    expect(differences).toEqual([])
    expect(warnings).toMatchObject([{ code: 'extension-version' }])
    await pair.target.query('DROP EXTENSION citext')
    expect((await compareSchemas(pair)).differences.map(inWords)).toEqual(['missing extension citext'])
  })

  test('what a role owns that the target lacks', async (context) => {
    const pair = await databasePair(context, { source: 15, target: 15, own: true })
    const sql = 'CREATE TABLE public.t (id integer); CREATE TABLE public.u (id integer)'
    for (const one of [pair.source, pair.target]) await one.query(sql)
    await pair.source.query(`CREATE ROLE boss; CREATE ROLE reader; ALTER TABLE public.t OWNER TO boss; GRANT SELECT ON public.u TO reader;
      ALTER DEFAULT PRIVILEGES FOR ROLE boss GRANT SELECT ON TABLES TO PUBLIC; ALTER DATABASE "${pair.source.name}" OWNER TO boss;
      ALTER ROLE boss IN DATABASE "${pair.source.name}" SET work_mem = '8MB'`)
    const { differences, warnings } = await compareSchemas(pair)
    expect(differences).toEqual([])
    expect(warnings.map(({ message }) => message.slice(0, 11)).sort()).toEqual(['Role boss i', 'Role reader'])
    await pair.target.query('CREATE ROLE intruder; CREATE ROLE rds_superuser; GRANT SELECT ON public.u TO intruder, rds_superuser')
    expect((await compareSchemas(pair)).differences.map(inWords)).toEqual(['different table public.u: privileges of role intruder'])
  })
})

describe('of the database itself', () => {
  test('settings, owner, grants and comment are compared', async (context) => {
    const pair = await databasePair(context, { source: 12, target: 15, own: true })
    const name = `"${pair.source.name}"`
    const role = 'CREATE ROLE boss;'
    await pair.target.query(`${role} COMMENT ON DATABASE ${name} IS 'a target'; ALTER DATABASE ${name} SET work_mem = '8MB'`)
    await pair.source.query(`${role} COMMENT ON DATABASE ${name} IS 'a source'; ALTER DATABASE ${name} OWNER TO boss; REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC;
      ALTER DATABASE ${name} SET work_mem = '9MB'; ALTER ROLE boss IN DATABASE ${name} SET search_path = a, b`)
    const found = (await compareSchemas(pair)).differences.filter(({ object }) => object === 'database')
    expect(found).toHaveLength(1)
    expect(found[0]?.source?.split('\n').sort()).toEqual([
      'comment: a source',
      'owner: boss',
      'privileges of PUBLIC: TEMPORARY',
      'privileges of role boss: CONNECT, CREATE, TEMPORARY',
      'privileges of role postgres: none',
      'setting search_path of role boss: a, b',
      'setting work_mem: 9MB',
    ])
  })
})

test('values of options are never shown', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 15 })
  for (const [one, value] of [
    [pair.source, 'hidden one'],
    [pair.target, 'hidden other'],
  ] as const) {
    await one.query(`CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w OPTIONS (host '${value}');
      CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (password '${value}')`)
  }
  const { differences } = await compareSchemas(pair)
  expect(differences).toEqual([
    { kind: 'different', object: 'server', identity: 'far', source: 'option host: a value', target: 'option host: another value' },
  ])
})
