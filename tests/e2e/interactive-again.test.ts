import { expect, test } from 'vitest'
import { parseTableReference } from '../../src/config/table-reference.ts'
import { ask } from '../support/asking.ts'
import { databasePair } from '../support/database-pair.ts'
import { leaveLane } from '../support/lanes.ts'
import { config } from '../unit/support/config.ts'

test('who goes on with an unfinished copy finds what it was made with, and agrees to what a change makes necessary', async (context) => {
  const pair = await databasePair(context, { own: true, exactName: 'again' })
  await pair.source.query(`
    create table alpha (id integer primary key); insert into alpha values (1); create table beta (id integer primary key); insert into beta values (1);
    create table gamma (id integer primary key, at timestamptz); insert into gamma select n, now() - n * interval '1 year' from generate_series(0, 9) n;
    create table delta (id integer primary key)`)
  const one = (table: string) => parseTableReference(`public.${table}`)
  const timeFilters = [{ table: one('gamma'), column: 'at', window: { count: 2, unit: 'year' } }] as const
  await leaveLane(pair, 1, { snapshotOnly: true, scope: { ...config().scope, excludeTables: [one('delta')], timeFilters } })
  await using terminal = await ask(pair, ['init', '--snapshot-only'])
  const { press, shows } = terminal
  await shows('Databases to replicate')
  press('enter')
  await shows('again: tables to leave out · 1 of 4 chosen')
  await shows('◉ public.delta')
  press({ type: 'alpha' }, 'space', 'enter')
  await shows('again: tables to create without rows')
  press('enter')
  await shows('only the latest rows are wanted · 1 of 1 chosen')
  press('enter')
  await shows('❯ 2 years')
  press('enter')
  await shows('was begun with another scope: 1 relation removed (public.alpha)')
  await shows('going on where an earlier run ended')
  await shows('  --yes')
  // Going on isn't what Enter does unasked.
  await shows('❯ ● ← Back to the questions')
  press('up', 'up', 'enter')
  expect(await terminal.finished).toMatchObject({ code: 0, settings: expect.stringContaining(' icanon ') })
  const tables = await pair.target.query(
    `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
  )
  expect(tables).toEqual([{ relname: 'beta' }, { relname: 'gamma' }])
  expect(await pair.target.query('select count(*) from gamma')).toEqual([{ count: '2' }])
})
