import { z } from 'zod'
import type { FrozenClock } from '../../scope/clock.ts'
import type { FrozenValue } from '../../scope/freeze-parts.ts'
import type { Session } from '../session.ts'

/** The clock at `asOf`. */
export function readFrozenClock(session: Session, asOf: string): Promise<FrozenClock> {
  return session.one(
    z.object({
      ...{ instant: z.string(), local: z.string(), utc: z.boolean() },
      ...{ today: z.string(), tomorrow: z.string(), yesterday: z.string() },
    }),
    `select c.instant::text as instant,
            c.local::text as local,
            c.local::date::text as today,
            (c.local::date + 1)::text as tomorrow,
            (c.local::date - 1)::text as yesterday,
            c.utc
       from (
         select $1::timestamptz as instant,
                $1::timestamptz at time zone s.reset_val as local,
                pg_catalog.lower(s.reset_val) in ('utc', 'etc/utc', 'gmt', 'etc/gmt', 'uct', 'etc/uct', 'universal', 'zulu') as utc
           from pg_catalog.pg_settings s
          where s.name = 'TimeZone'
       ) c`,
    [asOf],
  )
}

/** Something that depends on no row. `comparedWith`: the types of what it's compared with. */
export interface FrozenExpression {
  readonly sql: string
  readonly comparedWith: readonly string[]
}

/**
 * What expressions are at this moment in the time zone that the database's own sessions have. Where a date or time is compared with one of another kind,
 * which depends on the time zone too, it's converted there and then, so that UTC will do afterwards.
 */
export async function evaluate(session: Session, expressions: readonly FrozenExpression[]): Promise<FrozenValue[]> {
  if (expressions.length === 0) return []
  const rows = expressions.map(
    ({ sql }, index) => `(${index}, (${sql}\n)::text, pg_catalog.format_type(pg_catalog.pg_typeof(${sql}\n)::oid, -1))`,
  )
  const inOwnZone = async <T>(read: () => Promise<T>): Promise<T> => {
    await session.run('begin transaction read only; set local timezone to default')
    try {
      return await read()
    } finally {
      if (session.alive) await session.run('rollback')
    }
  }
  const found = await inOwnZone(async () => {
    const values = await session.rows(
      z.object({ value: z.string().nullable(), type: z.string() }),
      `select v.value, v.type from (values ${rows.join(', ')}) v(n, value, type) order by v.n`,
    )
    const types = values.map(({ type }, index) => convertedType(type, expressions[index]?.comparedWith ?? []))
    return await convert(session, values, types)
  })
  // Moments in UTC again.
  return await convert(
    session,
    found,
    found.map(({ type }) => type),
  )
}

/** Through text, which is what they have in common. */
function convert(session: Session, values: readonly FrozenValue[], types: readonly string[]): Promise<FrozenValue[]> {
  return session.rows(
    z.object({ value: z.string().nullable(), type: z.string() }),
    `select case v.type
              when 'timestamp with time zone' then v.value::timestamptz::text
              when 'timestamp without time zone' then v.value::timestamp::text
              else v.value
            end as value,
            v.type
       from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) with ordinality v(value, type, n)
      order by v.n`,
    [values.map(({ value }) => value), types],
  )
}

function convertedType(type: string, comparedWith: readonly string[]): string {
  const [other = type, another] = [...new Set(comparedWith.map((one) => one.replace(/\(\d+\)/, '')))]
  if (another !== undefined) return type
  const [moment, local] = ['timestamp with time zone', 'timestamp without time zone']
  if (other === moment && (type === 'date' || type === local)) return moment
  return type === moment && (other === 'date' || other === local) ? local : type
}
