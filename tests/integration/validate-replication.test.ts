import { expect, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { validate } from '../../src/commands/validate.ts'
import type { Config } from '../../src/config/config.ts'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import type { Finding } from '../../src/errors.ts'
import { clientTools } from '../support/client-tools.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { observing } from '../support/observing.ts'
import { query } from '../support/query.ts'

async function validated(pair: DatabasePair, overrides: Partial<Omit<Config, 'scope'>> = {}) {
  const tools = { kind: 'folder', path: clientTools(pair.source.server.major) } as const
  const config = observing(pair, { snapshotOnly: false, clientTools: tools, ...overrides })
  return validate({ config, emit: () => {}, signal: new AbortController().signal })
}

const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code)

function urlAs(url: string, user: string) {
  const one = new URL(url)
  one.username = user
  one.password = 'secret'
  return parseConnectionUrl(one.href, { user })
}

const pairs: [ServerMajor, ServerMajor][] = [
  [12, 15],
  [15, 18],
  [18, 17],
]

test.for(pairs)('%i to %i, superusers have nothing to mend', async ([source, target], context) => {
  const pair = await databasePair(context, { source, target })
  await pair.source.query('create table t (id int primary key, v text); create table u (id int primary key, t int references t)')
  const { problems, warnings } = await validated(pair)
  expect(problems).toEqual([])
  expect(codes(warnings).filter((code) => code !== 'target-older')).toEqual(['subscription-password'])
})

test.for<ServerMajor>([15, 18])('from %i, what plain roles lack is mended by the SQL that is given', async (source, context) => {
  const pair = await databasePair(context, { source, target: 18, own: true })
  await pair.source.query(`
    create role app;
    create role plain login password 'secret';
    create table t (id int primary key);
    alter table t owner to app;
    grant usage on schema public to plain;
    grant select on all tables in schema public to plain`)
  await pair.target.query(`
    create role app;
    create role plain login password 'secret';
    grant app to plain`)
  const plain = { source: urlAs(pair.source.url, 'plain'), target: urlAs(pair.target.url, 'plain') }
  const before = await validated(pair, plain)
  expect(before.problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    expect.stringMatching(/^privilege-missing: .*may not create schemas/),
    expect.stringMatching(/^privilege-missing: .*may not create objects in schema public/),
    expect.stringMatching(/^replication-refused: .*plain/),
    expect.stringMatching(/^privilege-missing: .*may not create subscriptions on the target/),
    expect.stringMatching(/^privilege-missing: .*may not create publications/),
    expect.stringMatching(/^privilege-missing: .*may not publish 1 table that others own: public.t/),
  ])
  for (const { message, sql = '' } of before.problems) await query((message.includes('target') ? pair.target : pair.source).url, sql)
  const after = await validated(pair, plain)
  expect(after.problems).toEqual([])
})

test('tables that would break the writes of the source are refused by name', async (context) => {
  // What other tests do at the same time would be told of, too.
  const pair = await databasePair(context, { source: 15, own: true })
  await pair.source.query('create table keyed (id int primary key); create table "Log" (at timestamptz); create table doc (j json)')
  const { problems } = await validated(pair)
  expect(problems).toMatchObject([
    {
      code: 'replica-identity',
      message: 'Updates and deletes of 2 tables would fail once published: public."Log", public.doc (no primary key).',
      sql: 'ALTER TABLE "public"."Log" REPLICA IDENTITY FULL;',
    },
  ])
  const full = await validated(pair, { replicaIdentity: 'full' })
  expect([codes(full.problems), codes(full.warnings)]).toEqual([['replica-identity'], ['subscription-password', 'replica-identity']])
  const inserts = await validated(pair, { replicaIdentity: 'insert-only' })
  expect([codes(inserts.problems), codes(inserts.warnings)]).toEqual([[], ['subscription-password', 'insert-only']])
  const skip = await validated(pair, { replicaIdentity: 'skip' })
  expect([codes(skip.problems), codes(skip.warnings)]).toEqual([[], ['subscription-password', 'table-not-replicated']])
})

test('a source without logical log, slots and senders is refused, and says what to set', async (context) => {
  const settings = { wal_level: 'replica', max_replication_slots: '0', max_wal_senders: '0' }
  const pair = await databasePair(context, { own: { settings } })
  await pair.source.query('create table t (id int primary key)')
  const { problems } = await validated(pair)
  expect(codes(problems)).toEqual(['wal-level', 'replication-refused', 'slots-short', 'slots-short'])
  const alone = await validated(pair, { snapshotOnly: true })
  expect(alone.problems).toEqual([])
})

test('a target that can not reach the source is told from one that can', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 17 })
  await pair.source.query('create table t (id int primary key)')
  const { problems } = await validated(pair, { sourceFromTarget: { host: '127.0.0.1', port: 1 } })
  expect(problems).toMatchObject([
    {
      code: 'publisher-unreachable',
      message: expect.stringContaining('could not connect to the publisher'),
      hint: expect.stringContaining('source-from-target'),
    },
  ])
})
