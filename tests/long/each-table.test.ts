/** @module-tag long */
import { expect, test } from 'vitest'
import { Rejection } from '../../src/errors.ts'
import { loadAwkward } from '../support/awkward.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runInit, runVerify } from '../support/engine.ts'
import { pagila } from '../support/pagila.ts'
import { type Selecting, selecting } from '../support/selecting.ts'

test('each table of an awkward schema is excluded in turn, or refused with the reason', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, own: true, createTarget: false })
  await loadAwkward(pair.source)
  expect(await inTurn(pair, (name) => ({ exclude: [name] }))).toEqual([
    'child',
    'events_old',
    'hashed_by_enum_0',
    'hashed_by_enum_1',
    'other_parent',
    'parent',
    'typed',
  ])
})

test('each table of an awkward schema is the only one in turn, or refused with the reason', async (context) => {
  const pair = await databasePair(context, { source: 12, target: 15, own: true, createTarget: false })
  await loadAwkward(pair.source)
  expect(await inTurn(pair, (name) => ({ include: [name] }))).toEqual([
    'child',
    'grandchild',
    'hashed_by_enum_0',
    'hashed_by_enum_1',
    'row_of_table',
  ])
})

test.skipIf(!pagila)('each table of pagila is excluded in turn', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, own: true, createTarget: false })
  await pair.source.load(...(pagila ?? []))
  expect(await inTurn(pair, (name) => ({ exclude: [name] }))).toEqual([])
})

/** Copies without each, which must verify and skip nothing; the names of those that are refused. */
async function inTurn(pair: DatabasePair, selection: (name: string) => Selecting): Promise<string[]> {
  const tables = await pair.source.query<{ schema: string; name: string }>(
    `set search_path = pg_catalog;
     select n.nspname as schema, c.relname as name
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema)'
      order by 1, 2`,
  )
  expect(tables.length).toBeGreaterThan(10)
  const refused: string[] = []
  for (const { schema, name } of tables) {
    const spelled = [schema, name].map((part) => `"${part.replaceAll('"', '""')}"`).join('.')
    const scope = selecting(pair, selection(spelled))
    const done = await runInit(pair, { scope, dropExisting: true }).catch((error: unknown) => {
      if (error instanceof Rejection) return undefined
      throw error
    })
    if (done === undefined) {
      refused.push(name)
      continue
    }
    expect(done.result, spelled).toMatchObject({ problems: [], outcome: 'done' })
    expect(done.result.warnings.filter(({ code }) => code === 'statement-skipped' || code === 'refresh-failed')).toEqual([])
    expect((await runVerify(pair, { scope })).result, spelled).toMatchObject({ problems: [], outcome: 'done' })
  }
  return refused.toSorted()
}
