import { expect, test } from 'vitest'
import { z } from 'zod'
import { takeLease } from '../../src/engine/ledger.ts'
import { observe } from '../../src/engine/observe/observe.ts'
import { replicateAll } from '../../src/engine/replicate-all.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { createLedgerSql } from '../../src/sql/ledger.ts'
import { compareDatabases } from '../support/compare.ts'
import { databasePair } from '../support/database-pair.ts'
import { engineConfig, runInit } from '../support/engine.ts'
import { query } from '../support/query.ts'
import { sessionOn } from '../support/session.ts'

test('a run whose lease was taken over writes nothing more', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query('create table big as select n as id, repeat(md5(n::text), 8) as text from generate_series(1, 60000) n; analyze')
  let takenOver: Promise<unknown> | undefined
  const first = await runInit(pair, {}, undefined, (event) => {
    if (event.type === 'table-started') takenOver ??= pair.target.query("update seren_replicator.ledger set run_mark = 'another'")
  })
  await takenOver
  expect(first.result).toMatchObject({ outcome: 'failed', problems: [{ code: 'lease-held' }] })
  expect(await pair.target.query('select (select count(*) from big) as rows, count(*) from seren_replicator.copied')).toEqual([
    { rows: '0', count: '0' },
  ])
  expect((await runInit(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
})

test('a database that a run is writing to is not dropped under it', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query('create table t as select 1 as n')
  expect((await runInit(pair)).result.outcome).toBe('done')
  await pair.target.query('create table since ()')
  {
    await using other = await sessionOn(pair.target.url)
    await takeLease(other)
    expect((await runInit(pair, { dropExisting: true })).result).toMatchObject({ outcome: 'failed', problems: [{ code: 'lease-held' }] })
    expect(await pair.target.query('select from since')).toEqual([])
  }
  expect((await runInit(pair, { dropExisting: true })).result).toMatchObject({ problems: [], outcome: 'done' })
})

test('of two runs that would create the same database one copies, and the other says who was first', async (context) => {
  const pair = await databasePair(context, { createTarget: false })
  await pair.source.query('create table t as select n from generate_series(1, 1000) n')
  const config = engineConfig(pair, { snapshotOnly: true })
  const { signal } = new AbortController()
  const observed = await observe(config, () => {}, signal)
  const plan = makePlan(config, observed)
  await query(pair.target.server.url(), `create database "${pair.target.name}"`)
  const outcomes = await replicateAll({ config, observed, plan, emit: () => {}, signal })
  expect(outcomes.get(pair.source.name)?.failures).toMatchObject([{ code: 'lease-held' }])
  expect((await runInit(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
})

test('a holder that gave no sign of life is ended, a process that only has its number is not', async (context) => {
  const pair = await databasePair(context)
  await using holder = await sessionOn(pair.target.url)
  await using bystander = await sessionOn(pair.target.url)
  await takeLease(holder)
  await holder.run(createLedgerSql)
  const pid = z.object({ pid: z.number() })
  const numbers = await Promise.all([bystander, holder].map((one) => one.one(pid, 'select pg_catalog.pg_backend_pid() as pid')))
  await holder.run(`insert into seren_replicator.ledger (source_system_identifier, source_database_oid, fingerprint, lease_pid, lease_beat)
    values ('', 0, '', ${numbers[0]?.pid}, pg_catalog.now() - interval '1 hour')`)
  await using next = await sessionOn(pair.target.url)
  await expect(takeLease(next)).rejects.toMatchObject({ code: 'lease-held' })
  await bystander.run('select 1')
  await holder.run(`update seren_replicator.ledger set lease_pid = ${numbers[1]?.pid}`)
  await takeLease(next)
  await expect(holder.run('select 1')).rejects.toMatchObject({ code: 'connection-lost' })
})
