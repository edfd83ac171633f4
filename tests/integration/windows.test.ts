import fc from 'fast-check'
import pg from 'pg'
import { expect, test } from 'vitest'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { parseTimeWindow } from '../../src/config/quantities.ts'
import { openObserver } from '../../src/engine/observe/open-observer.ts'
import { readCutOffs } from '../../src/pg/catalog/clock.ts'
import { timePredicate, windowKey } from '../../src/scope/predicate.ts'
import { databasePair } from '../support/database-pair.ts'

const columns = [
  { name: 'at', type: 'timestamp with time zone' },
  { name: 'plain', type: 'timestamp without time zone' },
  { name: 'day', type: 'date' },
]

/** Every quarter of an hour around the days on which clocks are set, here or there. */
const times = `
  create table t as
  select row_number() over () as id, at, at at time zone current_setting('timezone') as plain, (at at time zone current_setting('timezone'))::date as day
    from (values ('2026-03-06'), ('2026-03-27'), ('2026-04-03'), ('2026-04-22'), ('2026-10-02'), ('2026-10-23'), ('2026-10-28')) v(start),
         generate_series(start::timestamptz, start::timestamptz + interval '6 days', interval '15 minutes') at`

/** Six hours of which the clock shows more or fewer. */
const nearTransition = `
  (at + interval '3 hours') at time zone current_setting('timezone') - (at - interval '3 hours') at time zone current_setting('timezone') <> interval '6 hours'`

test.for([
  ['Europe/Berlin', 15],
  ['America/New_York', 12],
  // By half an hour; and at midnight, so that a day begins at one.
  ['Australia/Lord_Howe', 18],
  ['Africa/Cairo', 15],
  ['UTC', 18],
] as const)('a window in %s means the rows that PostgreSQL itself would take there', async ([zone, source], context) => {
  const pair = await databasePair(context, { source })
  await pair.source.query(`alter database "${pair.source.name}" set timezone = '${zone}'`)
  const user = new pg.Client({ connectionString: pair.source.url })
  await user.connect()
  await using session = await openObserver(parseConnectionUrl(pair.source.url, { user: 'postgres' }), pair.source.name, context.signal)
  const ids = async (client: pg.Client, condition: string) =>
    (
      await client.query({ text: `select concat_ws(' ', count(*), min(id), sum(id)) from public.t where ${condition}`, rowMode: 'array' })
    ).rows.flat()
  try {
    await user.query(times)
    const { rows } = await user.query<{ at: string; near: boolean }>(`select at::text, ${nearTransition} as near from t order by id`)
    const near = rows.filter((one) => one.near)
    expect(near.length > 0).toBe(zone !== 'UTC')
    const moment = fc.oneof(
      fc.constantFrom(...rows.map(({ at }) => at)),
      fc.constantFrom(...(near.length > 0 ? near : rows).map(({ at }) => at)),
    )
    const window = fc.constantFrom(
      '1 second',
      '45 minutes',
      '3 hours',
      '24 hours',
      '1 day',
      '36h',
      '2 weeks',
      '1 month',
      '6mon',
      '7 months',
      '1 year',
    )
    await fc.assert(
      fc.asyncProperty(moment, fc.nat(3599), window, async (start, seconds, text) => {
        const parsed = parseTimeWindow(text)
        const key = windowKey(parsed)
        const asOf = await user.query<{ at: string }>(`select ($1::timestamptz + $2::interval + make_interval(secs => $3))::text as at`, [
          start,
          key,
          seconds,
        ])
        const end = asOf.rows[0]?.at ?? ''
        const cutOffs = await readCutOffs(session, end, [key])
        for (const { name } of columns) {
          const { sql, error } = timePredicate({ kind: 'time', column: name, window: parsed }, columns, cutOffs)
          expect(error).toBeNull()
          expect(await ids(session.client, sql), `${name}, ${text} before ${end}: ${sql}`).toEqual(
            await ids(user, `${name} >= '${end}'::timestamptz - interval '${key}'`),
          )
        }
      }),
      { numRuns: 60 },
    )
  } finally {
    await user.end()
  }
})

test('a window that begins before the calendar does is refused, one before Christ is not', async (context) => {
  const pair = await databasePair(context)
  await using session = await openObserver(parseConnectionUrl(pair.source.url, { user: 'postgres' }), pair.source.name, context.signal)
  const windows = ['5000 year', '7000 year', '1000000000 year', '1000000000 second', '1000000000 week']
  const cutOffs = await readCutOffs(session, '2026-05-31 12:00:00+00', windows)
  expect([...cutOffs.keys()]).toEqual(['5000 year', '1000000000 second'])
  expect(cutOffs.get('5000 year')).toEqual({ instant: '2975-05-31 12:00:00+00 BC', local: '2975-05-31 12:00:00 BC', day: '2975-06-01 BC' })
  const [at, count] = [columns.slice(0, 1), 1_000_000_000] as const
  expect(timePredicate({ kind: 'time', column: 'at', window: { count, unit: 'year' } }, at, cutOffs).error).toBe(
    "a window of 1000000000 years reaches back further than PostgreSQL's calendar",
  )
})
