import { z } from 'zod'
import { ReplicatorError } from '../errors.ts'
import { openSession, runMark, type Session } from '../pg/session.ts'
import type { DatabasePlan } from '../plan/plan.ts'
import { closeLaneSql, createLedgerSql, fingerprintUnderWay, mergeLaneSql, updateLedgerSql } from '../sql/ledger.ts'
import type { DatabaseRun } from './database-run.ts'

export interface LedgerState {
  readonly preDataDone: boolean
  /** The database's content; `finished`: its last settings too. */
  readonly complete: boolean
  readonly finished: boolean
  /** Snapshots, in their order, with the slot that follows on each; null: none does. */
  readonly lanes: readonly LedgerLane[]
  /** Whole tables and finished parts, by `key`. */
  readonly copied: ReadonlyMap<string, readonly CopiedPart[]>
}

export interface LedgerLane {
  readonly lane: number
  readonly slot: string | null
  /** A subscription followed on the slot once, and has applied nobody knows what since, if it's gone. */
  readonly subscribed: boolean
}

export interface CopiedPart {
  readonly lane: number
  readonly part: number
  readonly parts: number
  readonly rows: bigint
  readonly bytes: bigint
  readonly seconds: number
}

/** Names a table in the ledger's maps. */
export function ledgerKey(table: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([table.schema, table.name])
}

/** Seconds between two signs of life, and after how many without one a run counts as gone. */
const beat = 10
const staleAfter = 60

/** Keys of the advisory lock: arbitrary, but for ever the same. */
const lock = '1936030318, 1919250543'

/**
 * Takes the target database for this run alone, and opens its ledger. The lock ends with its session, so a killed run holds
 * nothing; a run whose machine vanished without a word is ended once its heartbeat is old.
 * https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export async function openLedger(
  { target, database, plan, sourceSystemIdentifier, signal }: DatabaseRun,
  { anyScope = false }: { readonly anyScope?: boolean } = {},
): Promise<Ledger> {
  const session = await openSession(target, { database, signal })
  try {
    await takeLease(session)
    await session.run(`${createLedgerSql};\n${updateLedgerSql}`)
    await endPreviousRun(session)
    await session.rows(
      z.unknown(),
      `insert into seren_replicator.ledger (source_system_identifier, source_database_oid, fingerprint, as_of, run_mark, scope, lease_pid, lease_beat)
       values ($1, $2, $3, $4, $5, $6, pg_catalog.pg_backend_pid(), pg_catalog.now())
       on conflict (only_row) do update
       set run_mark = excluded.run_mark, lease_pid = excluded.lease_pid, lease_beat = excluded.lease_beat`,
      [sourceSystemIdentifier, plan.source.oid, plan.fingerprint, plan.asOf, runMark, JSON.stringify(plan.scope)],
    )
    await refuseOthers(session, sourceSystemIdentifier, plan, anyScope)
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
  return new Ledger(session)
}

export class Ledger implements AsyncDisposable {
  readonly #session: Session
  readonly #beat: NodeJS.Timeout
  #busy: Promise<unknown> = Promise.resolve()

  constructor(session: Session) {
    this.#session = session
    this.#beat = setInterval(
      () => void this.#queue(() => session.run('update seren_replicator.ledger set lease_beat = pg_catalog.now()')).catch(() => undefined),
      beat * 1000,
    )
    this.#beat.unref()
  }

  read(): Promise<LedgerState> {
    return this.#queue(() => readLedgerState(this.#session))
  }

  /** What the next lane is to be called. */
  async nextLane(): Promise<number> {
    const { lane } = await this.#queue(() =>
      this.#session.one(z.object({ lane: z.number() }), 'select coalesce(max(lane), 0) + 1 as lane from seren_replicator.lane'),
    )
    return lane
  }

  /** Notes a new snapshot, taken at `position`. */
  async openLane({ lane, slot }: Pick<LedgerLane, 'lane' | 'slot'>, position: string): Promise<void> {
    await this.#queue(() =>
      this.#session.rows(z.unknown(), 'insert into seren_replicator.lane (lane, slot_name, source_lsn) values ($1, $2, $3)', [
        lane,
        slot,
        position,
      ]),
    )
  }

  /** It has no slot any more; tables of its snapshot that nothing follows stay copied. */
  closeLane(lane: number): Promise<void> {
    return this.#queue(() => this.#session.run(closeLaneSql(lane)))
  }

  /** From now on `into` follows its tables. */
  mergeLane(lane: number, into: number): Promise<void> {
    return this.#queue(() => this.#session.run(mergeLaneSql(lane, into)))
  }

  /** Nothing is left to do. */
  finish(): Promise<void> {
    return this.#queue(() => this.#session.run('update seren_replicator.ledger set finished_at = pg_catalog.now()'))
  }

  /** One statement after the other: a heartbeat must not fall between two of a caller's. */
  #queue<T>(body: () => Promise<T>): Promise<T> {
    const next = this.#busy.then(body, body)
    this.#busy = next.catch(() => undefined)
    return next
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beat)
    await this.#session[Symbol.asyncDispose]()
  }
}

export async function readLedgerState(session: Session): Promise<LedgerState> {
  const head = await session.one(
    z.object({ preDataDone: z.boolean(), complete: z.boolean(), finished: z.boolean() }),
    `select pre_data_done as "preDataDone", complete, finished_at is not null as finished
       from seren_replicator.ledger`,
  )
  const lanes = await session.rows(
    z.object({ lane: z.number(), slot: z.string().nullable(), subscribed: z.boolean() }),
    'select lane, slot_name as slot, subscribed from seren_replicator.lane order by lane',
  )
  const rows = await session.rows(
    copiedRow,
    'select schema_name, table_name, part, parts, lane, row_count, byte_count, seconds from seren_replicator.copied',
  )
  const copied = new Map<string, CopiedPart[]>()
  for (const row of rows) {
    const key = ledgerKey({ schema: row.schema_name, name: row.table_name })
    const parts = copied.get(key) ?? []
    parts.push({ part: row.part, parts: row.parts, lane: row.lane, rows: row.row_count, bytes: row.byte_count, seconds: row.seconds })
    copied.set(key, parts)
  }
  return { ...head, lanes, copied }
}

const copiedRow = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  part: z.number(),
  parts: z.number(),
  lane: z.number(),
  row_count: z.bigint(),
  byte_count: z.bigint(),
  seconds: z.number(),
})

/** For as long as the session lasts. */
export async function takeLease(session: Session): Promise<void> {
  if (await tryLock(session)) return
  const holder = await readHolder(session)
  if (holder !== undefined && holder.seconds > staleAfter) {
    await session.rows(z.unknown(), terminateHolder, [holder.pid])
    for (let attempt = 0; attempt < 20; attempt++) {
      if (await tryLock(session)) return
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
  throw new ReplicatorError(
    'lease-held',
    `another run is writing to the database ${session.database}${holder === undefined ? '' : ` (its last sign of life was ${Math.round(holder.seconds)} s ago)`}`,
    {
      database: session.database,
      hint: 'Wait until it has ended, or stop it; this run goes on where it was.',
    },
  )
}

/** Only if that process holds the lock: a run that is just taking over hasn't written its own down yet, and numbers are given again. */
const terminateHolder = `
select pg_catalog.pg_terminate_backend(l.pid)
  from pg_catalog.pg_locks l
  join pg_catalog.pg_database d on d.oid = l.database
 where d.datname = pg_catalog.current_database()
   and l.locktype = 'advisory'
   and (l.classid::int8, l.objid::int8, l.objsubid) = (${lock}, 2)
   and l.granted
   and l.pid = $1`

async function tryLock(session: Session): Promise<boolean> {
  return (await session.one(z.object({ taken: z.boolean() }), `select pg_catalog.pg_try_advisory_lock(${lock}) as taken`)).taken
}

async function readHolder(session: Session): Promise<{ pid: number; seconds: number } | undefined> {
  const { there } = await session.one(
    z.object({ there: z.boolean() }),
    "select pg_catalog.to_regclass('seren_replicator.ledger') is not null as there",
  )
  if (!there) return undefined
  const [holder] = await session.rows(
    z.object({ pid: z.number(), seconds: z.number() }),
    `select lease_pid as pid, extract(epoch from pg_catalog.now() - lease_beat)::float8 as seconds
       from seren_replicator.ledger
      where lease_pid is not null and lease_beat is not null`,
  )
  return holder
}

/**
 * A killed run's server processes may still be at work, in a CREATE INDEX for instance, and would get in our way. They bear
 * that run's mark; no other session does.
 */
async function endPreviousRun(session: Session): Promise<void> {
  const [previous] = await session.rows(z.object({ run_mark: z.string().nullable() }), 'select run_mark from seren_replicator.ledger')
  if (previous?.run_mark == null || previous.run_mark === runMark) return
  for (let attempt = 0; attempt < 40; attempt++) {
    const left = await session.rows(
      z.unknown(),
      `select pg_catalog.pg_terminate_backend(pid)
         from pg_catalog.pg_stat_activity
        where datname = pg_catalog.current_database() and application_name like '% ' || $1`,
      [previous.run_mark],
    )
    if (left.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new ReplicatorError('lease-held', 'server processes of the previous run do not end', {
    database: session.database,
    hint: `Look in pg_stat_activity for an application_name that ends in ${previous.run_mark}.`,
  })
}

async function refuseOthers(session: Session, system: string, plan: DatabasePlan, anyScope: boolean): Promise<void> {
  const found = await session.one(
    z.object({ system: z.string(), oid: z.bigint(), fingerprint: z.string() }),
    'select source_system_identifier as system, source_database_oid as oid, fingerprint from seren_replicator.ledger',
  )
  // What a changed scope changes was judged by the fingerprint that was there then.
  const known = [plan.fingerprint, plan.change?.from, plan.change && fingerprintUnderWay(plan.fingerprint)]
  const scope = anyScope || known.includes(found.fingerprint)
  if (found.system === system && found.oid === BigInt(plan.source.oid) && scope) return
  throw new ReplicatorError('scope-changed', `the ledger in ${session.database} belongs to another source or another scope`, {
    database: session.database,
    hint: 'Give the same scope as before, or `no-resume` to start over.',
  })
}
