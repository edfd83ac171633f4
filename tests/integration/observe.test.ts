import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { observe } from '../../src/engine/observe/observe.ts'
import { Rejection } from '../../src/errors.ts'
import { readDatabases } from '../../src/pg/catalog/databases.ts'
import { inOneSnapshot } from '../../src/pg/catalog/one-snapshot.ts'
import { readRelations } from '../../src/pg/catalog/relations.ts'
import { openSession } from '../../src/pg/session.ts'
import type { Observed, ObservedCatalog, ObservedRelation } from '../../src/plan/observed.ts'
import { createLedgerSql } from '../../src/sql/ledger.ts'
import { loadAwkward } from '../support/awkward.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { observing } from '../support/observing.ts'
import { connect, query } from '../support/query.ts'
import { ownServer } from '../support/servers.ts'

describe.each([12, 15, 18] as const)('of PostgreSQL %i', (major) => {
  test('everything odd is read', async (context) => {
    const pair = await databasePair(context, { source: major, target: 18, own: true })
    await loadAwkward(pair.source)
    const { observed, catalog } = await look(pair)
    expect(observed.source.versionNumber).toBeGreaterThanOrEqual(major * 10_000)
    expect(observed.source.systemIdentifier).toMatch(/^\d{19}$/)
    expect(observed.source.pooler).toBe(false)
    expect(observed.source.tls).toBeNull()
    // Its own search path hides the system's catalogs.
    const there = await pair.source.query(
      `set search_path = pg_catalog;
       select relname from pg_class c join pg_namespace n on n.oid = relnamespace
       where relkind in ('r', 'p', 'm', 'v', 'f', 'S') and nspname !~ '^pg_' and nspname <> 'information_schema'
       and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e')`,
    )
    expect(catalog.relations.length).toBe(there.length)
    expect(observed.source.databases.find(({ name }) => name === pair.source.name)?.settings.map(({ name }) => name)).toContain(
      'search_path',
    )
  })
})

test('sizes, keys, triggers and partitions are those of the server', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(`
    create table "t.able" (id int primary key, "Größe" text, wide text, twice int generated always as (id * 2) stored);
    alter table "t.able" alter wide set storage external;
    insert into "t.able" select i, 'x', repeat('y', 10000) from generate_series(1, 500) i;
    create index on "t.able" ("Größe");
    create unlogged table quick (i int);
    create table whole (i int, d date) partition by range (d);
    create table part partition of whole for values from ('2024-01-01') to ('2025-01-01');
    create table child () inherits (quick);
    create function f() returns trigger language plpgsql as 'begin return null; end';
    create trigger later after insert on quick for each row execute function f();
    alter table quick disable trigger later;
    alter table part replica identity full;
    alter table part enable row level security;
    analyze`)
  const { catalog } = await look(pair)
  const [row] = await pair.source.query(
    `select pg_relation_size('"t.able"') / 8192 as blocks, pg_indexes_size('"t.able"') as indexes,
       pg_total_relation_size(reltoastrelid) as toast, pg_table_size(oid) - pg_total_relation_size(reltoastrelid) as heap from pg_class where relname = 't.able'`,
  )
  const { blocks, indexBytes, toastBytes, heapBytes, ...table } = relationOf(catalog, 't.able')
  expect({ blocks, indexBytes, toastBytes, heapBytes }).toEqual({
    blocks: Number(row?.['blocks']),
    indexBytes: BigInt(String(row?.['indexes'])),
    toastBytes: BigInt(String(row?.['toast'])),
    heapBytes: BigInt(String(row?.['heap'])),
  })
  expect(table).toMatchObject({ estimatedRows: 500n, analyzed: true, indexes: 2, primaryKey: 'immediate', splitKey: null })
  expect(table.columns.map(({ name, type, generated }) => [name, type, generated])).toEqual([
    ['id', 'integer', ''],
    ['Größe', 'text', ''],
    ['wide', 'text', ''],
    ['twice', 'integer', 's'],
  ])
  const whole = relationOf(catalog, 'whole')
  expect(whole).toMatchObject({ kind: 'partitioned', heapBytes: 0n })
  expect(relationOf(catalog, 'part')).toMatchObject({ isPartition: true, parents: [whole.oid], replicaIdentity: 'f', rowSecurity: 'on' })
  expect(relationOf(catalog, 'quick')).toMatchObject({ unlogged: true, triggers: [{ name: 'later', enabled: 'D' }] })
  expect(relationOf(catalog, 'child')).toMatchObject({ isPartition: false, parents: [relationOf(catalog, 'quick').oid] })
})

test('a table that was never analyzed is guessed at', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(
    `create table t (i int, t text) with (autovacuum_enabled = off); insert into t select i, repeat('x', 40) from generate_series(1, 10000) i`,
  )
  const { catalog } = await look(pair)
  const { estimatedRows, analyzed } = relationOf(catalog, 't')
  expect(analyzed).toBe(false)
  expect(Number(estimatedRows)).toBeGreaterThan(5000)
  expect(Number(estimatedRows)).toBeLessThan(20_000)
})

test('what needs what is known', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(`
    create table parent (id serial primary key);
    create table child (id int references parent, same int default nextval('parent_id_seq'));
    create view one as select id from parent;
    create view two as select id from one;
    create function takes(parent) returns int language sql as 'select 1';
    create table holds (p parent);
    create policy sees on child using (exists (select from parent))`)
  const { catalog } = await look(pair)
  const edges = catalog.dependencies.map(({ needs, description, tie }) => `${description} needs ${needs}: ${tie}`)
  expect(edges.toSorted()).toEqual([
    'default value for public.child.same needs sequence public.parent_id_seq: firm',
    'foreign key child_id_fkey on public.child needs table public.parent: loose',
    'function public.takes(public.parent) needs table public.parent: loose',
    'policy sees on public.child needs table public.parent: loose',
    'sequence public.parent_id_seq needs table public.parent: owned',
    'table public.holds needs table public.parent: firm',
    'view public.one needs table public.parent: loose',
    'view public.two needs view public.one: loose',
  ])
  expect(catalog.foreignKeys).toMatchObject([{ name: 'child_id_fkey', childColumns: ['id'], parentColumns: ['id'] }])
})

test('a role without privileges sees what it lacks', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, own: true })
  await pair.source.query(`
    create role plain login password 'plain';
    create schema closed; create table closed.t (i int); create table open (i int); create table shut (i serial);
    grant select on open to plain;
    alter table open enable row level security;
    select lo_create(4711)`)
  await pair.target.query(`create role plain login password 'plain'`)
  const url = ({ server, name }: DatabasePair['source']) =>
    parseConnectionUrl(server.url(name, { user: 'plain', password: 'plain' }), { user: 'plain' })
  const { observed, catalog, content } = await look(pair, { source: url(pair.source), target: url(pair.target) })
  expect(observed.source).toMatchObject({ user: 'plain', superuser: false, createDatabase: false, replication: false })
  expect(observed.source.roles.every(({ passwordReadable }) => !passwordReadable)).toBe(true)
  expect(observed.source.databases.find(({ name }) => name === pair.source.name)?.bytes).toBeGreaterThan(0n)
  expect(catalog.closedSchemas).toEqual(['closed'])
  expect(catalog.unreadableSequences).toEqual([{ schema: 'public', name: 'shut_i_seq' }])
  expect(catalog.largeObjects).toMatchObject({ count: 1n, unreadable: 1n })
  expect(relationOf(catalog, 'shut').canSelect).toBe(false)
  expect(relationOf(catalog, 'open')).toMatchObject({ canSelect: true, rowSecurity: 'on', rowSecurityActive: true })
  expect(content).toMatchObject({ canCreateSchemas: false, canCreateInPublic: false, ledger: null })
})

test('the target shows what is in the way, and our own ledger', async (context) => {
  const pair = await databasePair(context)
  await pair.target.query(`
    create extension citext; create table "Odd" (i serial); create function f() returns int language sql as 'select 1'; create type e as enum ('a');
    create schema seren_replicator; create table seren_replicator.ledger (i int)`)
  expect((await look(pair)).content).toMatchObject({
    foreignObjects: [
      'table public."Odd"',
      'table seren_replicator.ledger',
      'function public.f',
      'sequence public."Odd_i_seq"',
      'type public.e',
    ],
    schemas: ['public', 'seren_replicator'],
    ledger: null,
  })
  await pair.target.query(`drop schema seren_replicator cascade; ${createLedgerSql}`)
  await pair.target.query(`
    insert into seren_replicator.ledger (source_system_identifier, source_database_oid, fingerprint) values ('1', 2, 'f');
    insert into seren_replicator.lane (lane, source_lsn) values (1, '0/0');
    insert into seren_replicator.copied values ('s', 't', 0, 1, 1, 10, 100, 0.5)`)
  const { content } = await look(pair)
  expect(content?.foreignObjectCount).toBe(4)
  expect(content?.schemas).toEqual(['public'])
  expect(content?.ledger).toMatchObject({
    ...{ sourceSystemIdentifier: '1', sourceDatabaseOid: 2, fingerprint: 'f', preDataDone: false, complete: false },
    copied: [{ schema: 's', name: 't', part: 0, parts: 1, rows: 10n, bytes: 100n }],
  })
})

test('a table that someone rebuilds is no hindrance', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query('create table t (i int); insert into t select generate_series(1, 10000); analyze t')
  await using other = await connect(pair.source.url)
  await other.query('begin; lock table t')
  const { catalog } = await look(pair)
  expect(relationOf(catalog, 't')).toMatchObject({ blocks: 45, heapBytes: 45n * 8192n })
  await other.query('rollback')
})

test.each([12, 15, 18] as const)('what is dropped while %i reads its catalogs is passed over', async (major) => {
  await using server = await ownServer({ major })
  await query(server.url(), 'create database gone')
  await query(server.url(), 'create table gone (id int primary key default 1); create view on_gone as select * from gone')
  const settings = parseConnectionUrl(server.url(), { user: 'postgres' })
  await using session = await openSession(settings)
  let drops = ['drop database gone', 'drop table gone cascade']
  const [databases, relations] = await inOneSnapshot(session, async () => {
    await session.run('select')
    for (const drop of drops) await query(server.url(), drop)
    drops = []
    return [await readDatabases(session), await readRelations(session)]
  })
  // Older majors take what is gone for empty, as it was a moment before.
  expect(databases.map(({ name }) => name).filter((name) => name !== 'gone' || major > 15)).toEqual(['postgres', 'template0', 'template1'])
  expect(relations.filter(() => major > 15)).toEqual([])
})

test('the number of statements does not grow with the number of tables', async (context) => {
  const pair = await databasePair(context, { own: { settings: { log_statement: 'all' } } })
  const countStatements = async () => {
    const before = (await readFile(pair.source.server.logFile, 'utf8')).length
    await look(pair)
    const log = (await readFile(pair.source.server.logFile, 'utf8')).slice(before)
    return log.split('\n').filter((line) => /LOG: {2}(statement|execute)/.test(line)).length
  }
  await pair.source.query('create table first (id serial primary key)')
  const few = await countStatements()
  await pair.source.query(
    `do $$ begin for i in 1..300 loop execute format('create table t%s (id serial primary key, t text)', i); end loop; end $$`,
  )
  expect(await countStatements()).toBe(few)
  expect(few).toBeLessThan(50)
})

test('both URLs are reported when both are wrong', async (context) => {
  const pair = await databasePair(context)
  const wrong = (url: string) => parseConnectionUrl(url.replace(/:[^:@]+@/, ':wrong@'), { user: 'postgres' })
  const failure = look(pair, { source: wrong(pair.source.url), target: wrong(pair.target.url) })
  await expect(failure).rejects.toThrow(Rejection)
  await expect(failure).rejects.toMatchObject({ problems: [{ code: 'authentication-failed' }, { code: 'authentication-failed' }] })
})

async function look(pair: DatabasePair, overrides: Parameters<typeof observing>[1] = {}) {
  const observed: Observed = await observe(observing(pair, overrides), () => {}, new AbortController().signal)
  const found = observed.databases.find(({ source }) => source.name === pair.source.name)
  return { observed, catalog: found?.catalog as ObservedCatalog, content: found?.target?.content }
}

function relationOf(catalog: ObservedCatalog, name: string): ObservedRelation {
  const found = catalog.relations.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}
