import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { parseConnectionUrl } from '../../config/connection-url.ts'
import { openSession, type Session } from '../../pg/session.ts'

export interface TrafficCounts {
  readonly transactions: number
  /** Inserted, updated and deleted. */
  readonly rows: number
  readonly failures: number
  /** The longest that one transaction took, as the shop saw it. */
  readonly longestMillis: number
}

export interface Traffic extends AsyncDisposable {
  readonly sessions: number
  /** Counted so far. */
  counts(): TrafficCounts
  /** Lets transactions under way end. */
  stop(): Promise<TrafficCounts>
}

interface Shop {
  /** As the shop's application. */
  readonly appUrl: string
  readonly films: number
}

const sessions = 3
/** Milliseconds from one transaction of a session to its next: about a hundred per second in all. */
const pace = 30

/** The shop stays open: its application goes on writing to the source, whatever is done there. */
export async function startTraffic({ appUrl, films }: Shop, signal: AbortSignal): Promise<Traffic> {
  const settings = parseConnectionUrl(appUrl, { user: 'postgres' })
  const opened = await Promise.all(Array.from({ length: sessions }, () => openSession(settings, { signal })))
  const counts = { transactions: 0, rows: 0, failures: 0, longestMillis: 0 }
  const closing = new AbortController()
  const served = Promise.all(opened.map((session) => serve(session, films, counts, AbortSignal.any([signal, closing.signal]))))
  const stop = async () => {
    closing.abort()
    await served
    return { ...counts }
  }
  return {
    sessions,
    counts: () => ({ ...counts }),
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      await Promise.all(opened.map((session) => session[Symbol.asyncDispose]()))
    },
  }
}

type Counts = { -readonly [name in keyof TrafficCounts]: TrafficCounts[name] }

/** One transaction after the other. A failure is counted, as it would show in the shop. */
async function serve(session: Session, films: number, counts: Counts, closed: AbortSignal): Promise<void> {
  while (!closed.aborted) {
    const begun = performance.now()
    try {
      const about = [1 + random(films * 6), 1 + random(films * 2.5), 1 + random(40)]
      const [told] = await session.rows(changed, pick(errands), about)
      counts.transactions++
      counts.rows += told?.rows ?? 1
    } catch {
      if (!closed.aborted) counts.failures++
    }
    const took = performance.now() - begun
    counts.longestMillis = Math.max(counts.longestMillis, took)
    await sleep(Math.max(0, pace - took), undefined, { signal: closed }).catch(() => undefined)
  }
}

const changed = z.object({ rows: z.number() })

/** Each a transaction of its own, about one copy of a film ($1), a customer ($2) and a clerk ($3), chosen at random. */
const rent = `
with rented as (
  insert into shop.rental (inventory, customer, staff, rented)
  values ($1::integer, $2::integer, $3::smallint, pg_catalog.now())
  returning id, customer, rented
), paid as (
  insert into shop.payment (id, rental, customer, amount, paid)
  select id, id, customer, 4.99, rented from rented
  returning 1
)
select 1 + pg_catalog.count(*)::integer as rows from paid`

const handBack = counted(`
  update shop.rental set returned = pg_catalog.now() where customer = $2::integer and returned is null
  returning $1::integer, $3::integer`)

const charge = counted(`
  update shop.payment set amount = amount + 1 where customer = $2::integer
  returning $1::integer, $3::integer`)

const refund = counted(`
  delete from shop.payment where customer = $2::integer and paid > pg_catalog.now() - interval '1 hour'
  returning $1::integer, $3::integer`)

/** One row, and nothing told of it: the table has a rule. */
const review = `
insert into shop.review (film, customer, stars, words, written)
values (1 + ($1::integer - 1) / 6, $2::integer, 1 + $3::integer % 5, 'Seen while it moved', pg_catalog.now())`

const errands = [rent, rent, rent, handBack, handBack, review, charge, refund] as const

function counted(statement: string): string {
  return `with changed as (${statement})
select pg_catalog.count(*)::integer as rows from changed`
}

function pick<T>(list: readonly [T, ...T[]]): T {
  return list[random(list.length)] ?? list[0]
}

function random(below: number): number {
  return Math.floor(Math.random() * below)
}
