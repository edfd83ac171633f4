import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { takeLease } from '../../src/engine/ledger.ts'
import { Rejection } from '../../src/errors.ts'
import { noteIdentitiesSql } from '../../src/sql/ledger-notes.ts'
import { replicationObjects, runCleanup } from '../support/cleanup.ts'
import { databasePair } from '../support/database-pair.ts'
import { openLane } from '../support/lane.ts'
import { sessionOn } from '../support/session.ts'

const twoTables = 'create table t (id int primary key); create table u (id int)'

test('stopped after each of its steps, it goes on with the next one', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  for (const side of [pair.source, pair.target]) await side.query(twoTables)
  await openLane(pair)
  await openLane(pair, { lane: 2, tables: ['u'] })
  await pair.source.query('alter table u replica identity full')
  await pair.target.query(noteIdentitiesSql([{ schema: 'public', name: 'u', was: 'd' }]))
  const steps = (await runCleanup(pair, { dryRun: true })).result.steps?.map(({ what }) => what) ?? []
  expect(steps).toContain('replica identity of "public"."u"')

  for (const [round] of steps.entries()) {
    const stop = new AbortController()
    const stopped = runCleanup(pair, {}, { signal: stop.signal, watch: ({ type }) => type === 'note' && stop.abort(new Error('stopped')) })
    if (round < steps.length - 1) await expect(stopped).rejects.toThrow('stopped')
    else await stopped
    expect((await runCleanup(pair, { dryRun: true })).result.steps?.map(({ what }) => what)).toEqual(steps.slice(round + 1))
  }
  expect(await replicationObjects(pair)).toEqual([])
  expect(await pair.source.query("select relreplident from pg_class where relname = 'u'")).toEqual([{ relreplident: 'd' }])
})

test('while another run is at work, nothing is touched', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  for (const side of [pair.source, pair.target]) await side.query(twoTables)
  await openLane(pair)
  const before = await replicationObjects(pair)
  {
    await using other = await sessionOn(pair.target.url)
    await takeLease(other)
    const error = await runCleanup(pair).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Rejection)
    expect((error as Rejection).problems).toMatchObject([{ code: 'lease-held', database: pair.target.name }])
    expect((await runCleanup(pair, { dryRun: true })).result.outcome).toBe('done')
    expect(await replicationObjects(pair)).toEqual(before)
  }
  await runCleanup(pair)
  expect(await replicationObjects(pair)).toEqual([])
})

test('REPLICA IDENTITY FULL stays where another publication relies on it', async (context) => {
  const pair = await databasePair(context, { source: 12, target: 17 })
  for (const side of [pair.source, pair.target]) await side.query(`${twoTables}; create table v (id int); create table w (id int)`)
  await openLane(pair, { tables: ['u', 'v'] })
  await pair.source.query(
    'alter table u replica identity full; alter table v replica identity full; alter table w replica identity nothing',
  )
  await pair.target.query(
    noteIdentitiesSql([
      { schema: 'public', name: 'u', was: 'd' },
      { schema: 'public', name: 'v', was: 'n' },
      { schema: 'public', name: 'w', was: 'd' },
    ]),
  )
  await pair.source.query('create publication theirs for table u')
  const { result } = await runCleanup(pair)
  expect(result).toMatchObject({ outcome: 'done', problems: [], warnings: [{ code: 'left-behind', relation: '"public"."u"' }] })
  expect(result.warnings[0]?.message).toContain('theirs')
  expect(await pair.source.query("select relname, relreplident from pg_class where relname in ('u', 'v', 'w') order by 1")).toEqual([
    { relname: 'u', relreplident: 'f' },
    { relname: 'v', relreplident: 'n' },
    { relname: 'w', relreplident: 'n' },
  ])
})

test('a table that the application holds is waited for in moments only', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  for (const side of [pair.source, pair.target]) await side.query(twoTables)
  await openLane(pair, { tables: ['u'] })
  await pair.source.query('alter table u replica identity full')
  await pair.target.query(noteIdentitiesSql([{ schema: 'public', name: 'u', was: 'd' }]))
  await using application = await sessionOn(pair.source.url)
  await application.run('begin; select * from public.u')
  const running = runCleanup(pair)
  await sleep(2000)
  expect(await replicationObjects(pair)).toContain('target: table identity_set')
  await application.run('select * from public.u; commit')
  expect((await running).result).toMatchObject({ outcome: 'done', problems: [] })
  expect(await replicationObjects(pair)).toEqual([])
})

test('what was yet to come is told: rows to copy, foreign keys', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  for (const side of [pair.source, pair.target]) await side.query(twoTables)
  await pair.source.query('create table child (id int constraint known references t, other int constraint unknown references t)')
  await pair.target.query(
    'create table child (id int, other int); alter table child add constraint known foreign key (id) references t not valid',
  )
  await openLane(pair, { tables: ['child'] })
  const { result } = await runCleanup(pair, { dryRun: true })
  expect(result.warnings).toMatchObject([
    { code: 'left-behind', message: expect.stringMatching(/^2 foreign keys of the source are not on the target/) },
  ])
  await pair.target.query(result.warnings[0]?.sql ?? '')
  expect((await runCleanup(pair, { dryRun: true })).result.warnings).toEqual([])
  await pair.target.query('update seren_replicator.ledger set complete = false')
  expect((await runCleanup(pair)).result.warnings).toMatchObject([{ message: expect.stringMatching(/^the copy is not complete/) }])
})
