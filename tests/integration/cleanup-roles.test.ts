import { expect, test } from 'vitest'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { replicationObjects, runCleanup } from '../support/cleanup.ts'
import { type DatabasePair, databasePair, type TestDatabase } from '../support/database-pair.ts'
import { openLane } from '../support/lane.ts'
import { query } from '../support/query.ts'

const plain = { user: 'plain', password: 'plain secret' }

/** The database as an ordinary role has it. */
function asPlain(database: TestDatabase, name = database.name): TestDatabase {
  const url = database.server.url(name, plain)
  return { ...database, name, url, query: (sql, values) => query(url, sql, values) }
}

const lent = ({ target }: DatabasePair) =>
  query(
    target.server.url(),
    "select from pg_auth_members where member = 'plain'::regrole and roleid = 'boss'::regrole and grantor = member",
  )

async function lend({ target }: DatabasePair): Promise<void> {
  await target.query('grant boss to current_user with inherit true, set true')
  await target.query("insert into seren_replicator.lent_role values ('boss')")
}

test.for([
  { source: 12, target: 17 },
  { source: 17, target: 18 },
] as const)('an ordinary role cleans both sides, $source to $target', async (majors, context) => {
  const whole = await databasePair(context, { ...majors, own: true })
  const name = whole.source.name
  const other = `${name}_b`
  const { source: from, target: to } = whole
  await query(from.server.url(), `create role plain login replication password '${plain.password}'`)
  await query(to.server.url(), `create role plain login createrole password '${plain.password}'; grant pg_create_subscription to plain`)
  for (const { server } of [from, to]) {
    await query(server.url(), `alter database "${name}" owner to plain`)
    await query(server.url(), `create database "${other}" owner plain`)
  }
  const pair = { ...whole, source: asPlain(from), target: asPlain(to) }
  const second = { ...whole, source: asPlain(from, other), target: asPlain(to, other) }
  await pair.target.query('create role boss')
  for (const one of [pair, second]) {
    for (const side of [one.source, one.target]) await side.query('create table t (id int primary key)')
    await openLane(one)
    await lend(one)
  }

  const { result } = await runCleanup(pair)
  expect(result).toMatchObject({
    outcome: 'done',
    problems: [],
    warnings: [{ code: 'left-behind', sql: 'revoke "boss" from current_user;' }],
  })
  expect(await replicationObjects(pair)).toEqual([])
  expect(await lent(pair)).toHaveLength(1)

  expect((await runCleanup(second)).result).toMatchObject({ outcome: 'done', problems: [], warnings: [] })
  expect(await replicationObjects(second)).toEqual([])
  expect(await lent(pair)).toEqual([])
})

test('what belongs to another role is told, and goes once that role asks', async (context) => {
  const whole = await databasePair(context, { source: 15, target: 17, own: true })
  for (const { server } of [whole.source, whole.target])
    await query(server.url(), `create role plain login replication password '${plain.password}'`)
  for (const side of [whole.source, whole.target]) await side.query('create table t (id int primary key)')
  await openLane(whole)
  await whole.target.query(
    'grant usage on schema seren_replicator to plain; grant select on all tables in schema seren_replicator to plain',
  )
  const before = await replicationObjects(whole)

  const { result } = await runCleanup(whole, { target: parseConnectionUrl(asPlain(whole.target).url, { user: 'plain' }) })
  expect(result).toMatchObject({
    outcome: 'failed',
    problems: [{ code: 'privilege-missing' }, { code: 'left-behind' }, { code: 'left-behind' }],
  })
  expect(await replicationObjects(whole)).toEqual(before)

  const wrongSource = await runCleanup(whole, { source: parseConnectionUrl(asPlain(whole.source).url, { user: 'plain' }) })
  const left = (side: string) =>
    wrongSource.result.problems.find(({ message }) => message.startsWith(`still there on the ${side}`))?.message
  expect(wrongSource.result.outcome).toBe('failed')
  expect(left('source')).toBe(
    'still there on the source: publication seren_replication_pub, table seren_replicator.heartbeat, schema seren_replicator',
  )
  expect(left('target')).toBe('still there on the target: ledger')
  expect((await runCleanup(whole)).result.outcome).toBe('done')
  expect(await replicationObjects(whole)).toEqual([])
})

test('several databases at once', async (context) => {
  const whole = await databasePair(context, { source: 15, target: 18, own: true })
  const names = [whole.source.name, `${whole.source.name}_2`, 'Weird "Name"']
  const pairs = names.map((name) => {
    const named = (database: TestDatabase): TestDatabase => {
      const url = database.server.url(name)
      return { ...database, name, url, query: (sql, values) => query(url, sql, values) }
    }
    return { ...whole, source: named(whole.source), target: named(whole.target) }
  })
  for (const [at, pair] of pairs.entries()) {
    if (at > 0)
      for (const { server } of [pair.source, pair.target])
        await query(server.url(), `create database "${pair.source.name.replaceAll('"', '""')}"`)
    for (const side of [pair.source, pair.target]) await side.query('create table t (id int primary key)')
    await openLane(pair)
  }
  const scope = { includeDatabases: [], excludeDatabases: [{ text: names[1] ?? '', quoted: true }] }
  const { result } = await runCleanup(whole, { scope: { ...everyTable, ...scope } })
  expect(result.databases.map(({ name }) => name)).toEqual([names[2], names[0]])
  expect(await Promise.all(pairs.map(async (pair) => (await replicationObjects(pair)).length > 0))).toEqual([false, true, false])
  await runCleanup(whole, { scope: { ...everyTable, includeDatabases: [] } })
  expect((await Promise.all(pairs.map(replicationObjects))).flat()).toEqual([])
})

const everyTable = {
  excludeDatabases: [],
  includeTables: [],
  excludeTables: [],
  schemaOnlyTables: [],
  tableFilters: [],
  timeFilters: [],
  followForeignKeys: false,
}
