import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import type { Config, ScopeRules } from '../../src/config/config.ts'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { parseTableReference } from '../../src/config/table-reference.ts'
import { observe } from '../../src/engine/observe/observe.ts'
import type { Observed } from '../../src/plan/observed.ts'
import type { ObservedReplication } from '../../src/plan/observed-replication.ts'
import { laneComment } from '../../src/sql/replication-mark.ts'
import { clientTools } from '../support/client-tools.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { observing } from '../support/observing.ts'
import { connect } from '../support/query.ts'

type Observation = Observed & { readonly replication: ObservedReplication }

async function observation(
  pair: DatabasePair,
  overrides: Partial<Omit<Config, 'scope'>> = {},
  scope: Partial<ScopeRules> = {},
): Promise<Observation> {
  const tools = { kind: 'folder', path: clientTools(pair.source.server.major) } as const
  const config = observing(pair, { snapshotOnly: false, clientTools: tools, ...overrides }, scope)
  const observed = await observe(config, () => {}, new AbortController().signal)
  if (observed.replication === null) throw new Error('nothing was observed of replication')
  return { ...observed, replication: observed.replication }
}

const as = (url: string, user: string, password = 'secret') => {
  const one = new URL(url)
  one.username = user
  one.password = password
  return parseConnectionUrl(one.href, { user })
}

const pairs: [ServerMajor, ServerMajor][] = [
  [12, 12],
  [15, 18],
  [17, 15],
]

describe('of two servers', () => {
  test.for(pairs)('%i and %i is read what replication needs', async ([source, target], context) => {
    const pair = await databasePair(context, { source, target, own: true, mayLeave: ['subscription', 'slot', 'publication'] })
    const { name } = pair.source
    const mark = { lane: 1, slot: 's', peer: '7', database: name }
    await pair.source.query(`
      create table t (i int primary key);
      create publication seren_replication_pub for table t;
      create publication other for table t;
      comment on publication seren_replication_pub is '${laneComment(mark)}'`)
    await pair.source.query(`select pg_create_logical_replication_slot('some_slot', 'pgoutput')`)
    await pair.target.query(`
      create table t (i int primary key);
      create subscription other connection 'host=127.0.0.1' publication other with (connect = false, slot_name = none, enabled = false);
      comment on subscription other is '${laneComment(mark)}'`)
    const { replication } = await observation(pair)
    expect(replication).toEqual({
      source: {
        slots: [expect.objectContaining({ name: 'some_slot', database: name, plugin: 'pgoutput', active: false })],
        walSenders: 0,
        walBytesPerSecond: expect.any(Number),
        mayReplicate: true,
        refusal: null,
      },
      target: {
        subscriptions: [expect.objectContaining({ name: 'other', database: name, mark })],
        origins: 1,
        backgroundWorkers: 1,
        mayCreateSubscriptions: true,
      },
      databases: new Map([
        [
          name,
          {
            publications: [expect.objectContaining({ name: 'seren_replication_pub', mark })],
            canCreate: true,
            sourceSchema: 'absent',
            rowFilters: new Map(),
            probe: null,
          },
        ],
      ]),
    })
    expect(await leftovers(pair)).toEqual([])
  })

  test.for(pairs)('%i and %i it is read by plain roles too', async ([source, target], context) => {
    const pair = await databasePair(context, { source, target, own: true, mayLeave: ['subscription', 'slot', 'publication'] })
    await pair.source.query("create table t (i int primary key); create role plain login password 'secret'; grant select on t to plain")
    const mark = { lane: 2, slot: 's', peer: '7', database: pair.source.name }
    await pair.target.query("create role plain login password 'secret'")
    await pair.target.query(
      "create subscription other connection 'host=127.0.0.1' publication other with (connect = false, slot_name = none, enabled = false)",
    )
    await pair.target.query(`comment on subscription other is '${laneComment(mark)}'`)
    const plain = { source: as(pair.source.url, 'plain'), target: as(pair.target.url, 'plain') }
    const { replication, databases } = await observation(pair, plain)
    expect(replication.source).toMatchObject({ mayReplicate: false, refusal: { sqlstate: '42501' } })
    expect(replication.target).toMatchObject({ mayCreateSubscriptions: false, origins: 1, backgroundWorkers: 1 })
    expect(replication.target.subscriptions).toMatchObject([{ name: 'other', mark }])
    expect(replication.databases.get(pair.source.name)).toMatchObject({ canCreate: false, probe: undefined })
    expect(databases.flatMap(({ catalog }) => catalog?.relations ?? [])).toMatchObject([{ name: 't', canPublish: false }])
  })

  test('the rate of the log is measured', async (context) => {
    const pair = await databasePair(context, { own: true })
    await pair.source.query('create table t (t text)')
    await using writer = await connect(pair.source.url)
    const written = writer.query("insert into t select repeat('x', 1000) from generate_series(1, 200000)")
    const { replication } = await observation(pair)
    await written
    expect(replication.source.walBytesPerSecond).toBeGreaterThan(1_000_000)
  })

  test('a schema of ours is told from another of that name', async (context) => {
    const pair = await databasePair(context)
    await pair.source.query('create schema seren_replicator')
    const schema = async () => (await observation(pair)).replication.databases.get(pair.source.name)?.sourceSchema
    expect(await schema()).toBe('foreign')
    await pair.source.query("comment on schema seren_replicator is 'postgres-seren-replicator: marks'")
    expect(await schema()).toBe('ours')
  })
})

describe('the target dials the source', () => {
  test.for(pairs)('%i from %i, and says what is in the way', async ([source, target], context) => {
    const pair = await databasePair(context, { source, target, own: true })
    await pair.source.query("create table t (i int primary key); create role weak login password 'topsecret'")
    const probe = async (overrides: Partial<Config>) => {
      const { replication } = await observation(pair, overrides)
      return replication.databases.get(pair.source.name)?.probe
    }
    expect(await probe({})).toBeNull()
    expect(await probe({ sourceFromTarget: { host: '127.0.0.1', port: 1 } })).toMatchObject({
      message: expect.stringMatching(/could not connect to the publisher.*refused/),
    })
    expect(await probe({ sourceFromTarget: { host: 'no-such-host.invalid', port: 1 } })).toMatchObject({
      message: expect.stringContaining('no-such-host.invalid'),
    })
    expect(await probe({ subscriptionCredentials: 'none' })).toMatchObject({ message: expect.stringMatching(/password/) })
    const weak = await probe({ source: as(pair.source.url, 'weak', 'topsecret') })
    expect(weak).toMatchObject({ message: expect.stringMatching(/could not connect to the publisher/) })
    expect(JSON.stringify(weak)).not.toContain('topsecret')
    expect(await leftovers(pair)).toEqual([])
  })

  test('without a trace of the password in the log', async (context) => {
    const settings = { log_statement: 'all', log_min_duration_statement: '0', log_min_error_statement: 'info' }
    const pair = await databasePair(context, { own: { settings } })
    await pair.source.query("create table t (i int primary key); create role weak login password 'topsecret'")
    await observation(pair, { source: as(pair.source.url, 'weak', 'topsecret') })
    const log = await readFile(pair.target.server.logFile, 'utf8')
    expect(log).toContain('set log_statement')
    expect(log).not.toMatch(/topsecret|create subscription/i)
  })

  test.for<ServerMajor>([17, 18])('from %i as a role that may create subscriptions, and nothing else', async (target, context) => {
    const pair = await databasePair(context, { target, own: true })
    await pair.source.query('create table t (i int primary key)')
    await pair.target.query(`
      create role plain login password 'secret';
      grant pg_create_subscription to plain;
      grant create on database "${pair.target.name}" to plain`)
    const plain = { target: as(pair.target.url, 'plain') }
    const { replication } = await observation(pair, plain)
    expect(replication.target.mayCreateSubscriptions).toBe(true)
    expect(replication.databases.get(pair.source.name)?.probe).toBeNull()
    const without = await observation(pair, { ...plain, subscriptionCredentials: 'none' })
    expect(without.replication.databases.get(pair.source.name)?.probe).toMatchObject({ message: expect.stringContaining('password') })
  })
})

describe('row filters', () => {
  const filter = (table: string, predicate: string) => ({ table: parseTableReference(table), predicate })

  test.for<ServerMajor>([15, 18])('are judged by %i itself', async (source, context) => {
    const pair = await databasePair(context, { source })
    await pair.source.query(`
      create function ours(int) returns bool language sql immutable as 'select true';
      create table fine (id int primary key, other text, "Odd" int);
      create table bad (id int primary key);
      create table parent (id int primary key, kind text) partition by range (id);
      create table leaf partition of parent for values from (0) to (10)`)
    const tableFilters = [filter('fine', `other = 'x' and "Odd" > 1`), filter('parent', "kind = 'a'")]
    const sound = await observation(pair, {}, { tableFilters })
    expect(named(sound, pair)).toEqual({
      fine: { error: null, columns: ['other', 'Odd'] },
      leaf: { error: null, columns: ['kind'] },
    })
    const mixed = await observation(pair, {}, { tableFilters: [...tableFilters, filter('bad', 'public.ours(id)')] })
    expect(named(mixed, pair)).toEqual({
      fine: { error: null, columns: ['other', 'Odd'] },
      leaf: { error: null, columns: ['kind'] },
      bad: { error: 'user-defined or built-in mutable functions are not allowed', columns: [] },
    })
    expect(await leftovers(pair)).toEqual([])
  })

  test('may read the clock, which is fixed before they are judged', async (context) => {
    const pair = await databasePair(context, { source: 15 })
    await pair.source.query(`
      alter database "${pair.source.name}" set timezone = 'Europe/Berlin';
      create table zoned (id int primary key, at timestamptz); create table plain (id int primary key, at timestamp, day date);
      create table shown (id int primary key, at timestamptz); create table nested (id int primary key)`)
    const tableFilters = [
      filter('zoned', "at > now() - interval '6 months' and at < current_date + 1 and at > '2020-01-01'"),
      filter('plain', "at between 'yesterday' and now() or day > (now() at time zone 'Asia/Tokyo')::date - 30"),
      filter('shown', "to_char(at, 'YYYY') = '2024'"),
      filter('nested', 'exists (select from plain p where p.id = nested.id)'),
    ]
    expect(named(await observation(pair, {}, { tableFilters }), pair)).toEqual({
      zoned: { error: null, columns: ['at'] },
      plain: { error: null, columns: ['at', 'day'] },
      shown: { error: expect.stringContaining('mutable functions are not allowed'), columns: [] },
      nested: { error: 'a row filter takes no subquery', columns: [] },
    })
  })

  test('are not known before 15', async (context) => {
    const pair = await databasePair(context, { source: 12 })
    await pair.source.query('create table fine (id int primary key)')
    expect(named(await observation(pair, {}, { tableFilters: [filter('fine', 'id > 1')] }), pair)).toEqual({})
  })

  test('that are no sound predicate are not tried', async (context) => {
    const pair = await databasePair(context, { source: 15 })
    await pair.source.query('create table fine (id int primary key); create table other (id int primary key)')
    const tableFilters = [filter('fine', 'id > 1'), filter('other', 'true); commit; drop table fine; --')]
    expect(named(await observation(pair, {}, { tableFilters }), pair)).toEqual({})
    expect(await pair.source.query('select from fine')).toEqual([])
  })
})

function named({ databases, replication }: Observation, { source }: DatabasePair) {
  const relations = databases.find((one) => one.source.name === source.name)?.catalog?.relations ?? []
  const filters = replication.databases.get(source.name)?.rowFilters ?? new Map()
  return Object.fromEntries([...filters].map(([oid, filter]) => [relations.find((one) => one.oid === oid)?.name, filter]))
}

/** Nothing of a try may stay. */
async function leftovers({ source, target }: DatabasePair) {
  const left = "pubname like '%trial%' or pubname like '%probe%'"
  const publications = await source.query(`select pubname from pg_publication where ${left}`)
  const slots = await source.query("select slot_name from pg_replication_slots where slot_name like '%probe%'")
  const subscriptions = await target.query("select subname from pg_subscription where subname like '%probe%'")
  return [...publications, ...slots, ...subscriptions]
}
