import { expect, type TestContext, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { Rejection } from '../../src/errors.ts'
import { expectDone, expectEqual, expectRemoved, expectUndisturbed } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { runOn } from '../support/engine.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

const readings = (predicate: string) => ({
  tableFilters: [{ table: { text: 'reading', parts: [{ text: 'reading', quoted: false }] }, predicate }],
})
const scope = (more: Partial<Config['scope']>) => more as Config['scope']

test('without a replica identity, a table is refused, and the source left as it is', async (context) => {
  const pair = await databasePair(context)
  await loadWriterTables(pair.source, { keyless: 'changes' })
  await using writer = await startWriter(pair.source, { keyless: 'changes' })
  const refusal = await runOn(pair, 'init', { scope: scope(readings('active')) }).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Rejection)
  const names = expect.stringMatching(/keyless.*reading/)
  expect(refusal).toMatchObject({ problems: [{ code: 'replica-identity', message: names }] })
  expect(await pair.source.query('select pubname from pg_publication')).toEqual([])
  await expectUndisturbed(writer)
})

test('with insert-only, what is inserted arrives, and no write fails', async (context) => {
  const { pair, before } = await follow(context, { replicaIdentity: 'insert-only', scope: scope(readings('active')) })
  await expectEqual(pair, { except: ['public.keyless', 'public.reading'] })
  const inserts = 'select id from reading where born and not (id = any ($1))'
  const [written, arrived] = await Promise.all([pair.source.query(inserts, [before]), pair.target.query(inserts, [before])])
  // Those that became inactive, or were deleted, stay: updates don't come.
  expect(arrived).toEqual(expect.arrayContaining(written))
  const counts = `select count(*)::int as all, (count(*) filter (where note = 'new'))::int as new from keyless`
  const [[source], [target]] = await Promise.all([pair.source.query(counts), pair.target.query(counts)])
  // The writer deletes on the source alone.
  expect(Number(target?.['new'])).toBeGreaterThanOrEqual(Number(source?.['new']))
  expect(Number(target?.['all'])).toBeGreaterThan(Number(source?.['all']))
  await expectRemoved(pair)
})

test('with full, everything arrives, and a filter of key columns lets in and out what changes', async (context) => {
  const { pair } = await follow(context, { replicaIdentity: 'full', scope: scope(readings('region < 3')) })
  await expectEqual(pair, { filters: { 'public.reading': 'region < 3' } })
  const identity = () => pair.source.query("select relreplident from pg_class where relname = 'keyless'")
  expect(await identity()).toEqual([{ relreplident: 'f' }])
  await expectRemoved(pair)
  expect(await pair.source.query(`select relreplident from pg_class where relname = 'keyless'`)).toEqual([{ relreplident: 'd' }])
  expect(await identity()).toEqual([{ relreplident: 'd' }])
})

test('with skip, such a table is left out of what follows', async (context) => {
  const { pair } = await follow(context, { replicaIdentity: 'skip' })
  await expectEqual(pair, { except: ['public.keyless'] })
  await expectRemoved(pair)
})

/** Replicates under writes to a table that nothing tells the rows of. */
async function follow(context: TestContext, overrides: Partial<Config>) {
  const pair = await databasePair(context, { createTarget: false })
  await loadWriterTables(pair.source, { keyless: 'changes' })
  await using writer = await startWriter(pair.source, { keyless: 'changes' })
  await expectDone(pair, 'init', overrides)
  const before = (await pair.source.query<{ id: string }>('select id from reading')).map(({ id }) => id)
  await expectDone(pair, 'sync', overrides)
  await expectUndisturbed(writer)
  return { pair, before }
}
