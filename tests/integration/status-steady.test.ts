import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Event } from '../../src/events.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { openLane } from '../support/lane.ts'
import { allReady, disableSubscription, mayLeave, runStatus } from '../support/replicated.ts'

/** Seconds after which each row is applied, and no sooner: so that what is on its way stays the same while the source is written to steadily. */
const delay = 2

const table = 'create table t (id int primary key, at timestamptz not null, filler text not null)'
/** 5 kB that don't compress. */
const filler = "(select string_agg(md5(random()::text), '') from generate_series(1, 160))"

const delaying = `
  create function wait() returns trigger language plpgsql as $$
  begin
    perform pg_catalog.pg_sleep_until(new.at + interval '${delay} s');
    return new;
  end $$;
  create trigger wait before insert on t for each row execute function wait();
  alter table t enable always trigger wait`

for (const [source, target] of [[12, 17] as const, [15, 18] as const]) {
  test(`a steady lag under a steady load is what others measure, from ${source} to ${target}`, {
    tags: source === 12 ? ['long'] : [],
  }, async (context) => {
    // The log is the whole server's: what others write between two looks would make them differ.
    const pair = await databasePair(context, { mayLeave, source, target, own: true })
    for (const { query } of [pair.source, pair.target]) await query(table)
    await pair.target.query(delaying)
    await openLane(pair)
    // What is applied is confirmed at once, so that it tells nothing but the lag.
    await pair.target.query("alter subscription seren_replication_sub set (synchronous_commit = 'local')")
    await allReady(pair)
    /** Where the source's log was after each row. */
    const positions: bigint[] = []
    const readings: { bytes: number; seconds: number; really: number }[] = []
    const look = async (event: Event) => {
      if (event.type !== 'lag' || event.bytes === null || event.seconds === null) return
      const [row] = await pair.target.query<{ id: string }>('select max(id) as id from t')
      const really = Number((await position(pair)) - (positions[Number(row?.id)] ?? 0n))
      readings.push({ bytes: Number(event.bytes), seconds: event.seconds, really })
    }
    const stop = new AbortController()
    const begun = performance.now()
    let watching: Promise<unknown> | undefined
    for (let id = 0; performance.now() - begun < 10_000; id++) {
      await pair.source.query(`insert into t values ($1, clock_timestamp(), ${filler})`, [id])
      positions[id] = await position(pair)
      if (performance.now() - begun > 2 * delay * 1000)
        watching ??= runStatus(pair, { watch: true }, { signal: stop.signal, watch: (event) => void look(event) })
      await sleep(20)
    }
    stop.abort()
    await watching
    // The first waits for a second only, and so knows no more than that.
    expect(readings.length).toBeGreaterThan(3)
    for (const { bytes, seconds, really } of readings.slice(1)) {
      expect(bytes / really).toBeGreaterThan(0.8)
      expect(bytes / really).toBeLessThan(1.2)
      expect(seconds / delay).toBeGreaterThan(0.8)
      expect(seconds / delay).toBeLessThan(1.2)
    }
    await disableSubscription(pair)
  })
}

async function position({ source }: DatabasePair): Promise<bigint> {
  const [row] = await source.query<{ lsn: string }>("select pg_current_wal_lsn() - '0/0' as lsn")
  return BigInt(row?.lsn ?? 0)
}
