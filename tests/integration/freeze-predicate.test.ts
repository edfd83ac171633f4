import fc from 'fast-check'
import pg from 'pg'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { freezePredicate } from '../../src/engine/observe/freeze-predicate.ts'
import { openObserver } from '../../src/engine/observe/open-observer.ts'
import { ReplicatorError } from '../../src/errors.ts'
import { readFrozenClock } from '../../src/pg/catalog/frozen-values.ts'
import { arbitraryPredicate, arbitraryText, predicateTables } from '../support/arbitrary-predicates.ts'
import { databasePair } from '../support/database-pair.ts'

const columns = ['id', 'at', 'plain', 'day', 'n', 'note', 'feeling'].map((name) => ({
  ...({ name, type: 'text', notNull: false, generated: '', identity: '' } as const),
  transfer: { kind: 'text' } as const,
}))
const thing = { schema: 'public', name: 'thing', kind: 'table', isHypertable: false, columns } as const

test.for([
  ['UTC', 18],
  ['Pacific/Kiritimati', 12],
] as const)('what is frozen selects the same rows as the original did at that moment, in %s on %s', async ([zone, source], context) => {
  const pair = await databasePair(context, { source })
  await pair.source.query(`alter database "${pair.source.name}" set timezone = '${zone}'`)
  await pair.source.query(predicateTables)
  const user = new pg.Client({ connectionString: pair.source.url })
  await user.connect()
  await using session = await openObserver(parseConnectionUrl(pair.source.url, { user: 'postgres' }), pair.source.name, context.signal)
  // The clock of a transaction stands still.
  await user.query('begin')
  const { rows } = await user.query<{ now: string }>('select now()::text as now')
  const clock = await readFrozenClock(session, rows[0]?.now ?? '')
  const ids = async (client: pg.Client, from: string, predicate: string) =>
    (await client.query({ text: `select id from ${from} where (${predicate}\n) order by id`, rowMode: 'array' })).rows.flat()
  try {
    await fc.assert(
      fc.asyncProperty(arbitraryPredicate({ zoned: zone === 'UTC' }), async (given) => {
        const frozen = await freezePredicate(session, thing, given, clock)
        expect(frozen.error, given).toBeNull()
        expect(frozen.sql).not.toMatch(/now\s*\(\s*\)(?!%|')|current_|localtime|'today'::/i)
        expect(await ids(session.client, 'only public.thing as copied_row', frozen.sql), `${given}\n=> ${frozen.sql}`).toEqual(
          await ids(user, 'thing', given),
        )
      }),
      { numRuns: 150 },
    )
  } finally {
    await user.end()
  }
})

test('whatever is given, it is an answer, and nothing is done', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(predicateTables)
  const content = async () =>
    await pair.source.query('select (select count(*) from pg_class), (select count(*) from thing), txid_current_if_assigned()')
  const before = await content()
  await using session = await openObserver(parseConnectionUrl(pair.source.url, { user: 'postgres' }), pair.source.name, context.signal)
  const clock = await readFrozenClock(session, '2024-01-01 00:00:00+00')
  const spoilt = fc
    .tuple(
      arbitraryPredicate({ zoned: true }),
      fc.nat(),
      fc.constantFrom(')', '(', ';', "'", '--', '/*', 'drop table thing', 'or true) or (', '$$', '\0'),
    )
    .map(([one, place, piece]) => `${one.slice(0, place % one.length)}${piece}${one.slice(place % one.length)}`)
  await fc.assert(
    fc.asyncProperty(fc.oneof(arbitraryText, spoilt), async (given) => {
      const { sql, error } = await freezePredicate(session, thing, given, clock)
      if (error !== null) return
      const rows = session.rows(z.unknown(), `select from only public.thing as copied_row where (${sql}\n)`)
      // What only a row's value shows (class 22: a division by zero, a unit that extract doesn't know) no look at the condition can tell.
      expect(await rows.catch(dataException), given).toBeInstanceOf(Array)
    }),
    { numRuns: 1000 },
  )
  expect(await content()).toEqual(before)
})

function dataException(error: unknown): unknown[] {
  if (error instanceof ReplicatorError && error.server?.sqlstate.startsWith('22')) return []
  throw error
}
