import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { createHeartbeatSql, createSourceSchemaSql } from '../../src/sql/heartbeat.ts'
import { createLedgerSql } from '../../src/sql/ledger.ts'
import { createPublicationSql, heartbeatTable } from '../../src/sql/publication.ts'
import { laneComment } from '../../src/sql/replication-mark.ts'
import { publicationName, slotName, subscriptionName } from '../../src/sql/replication-names.ts'
import { commentSubscriptionSql, createSubscriptionSql } from '../../src/sql/subscription.ts'
import { subscriptionConninfo } from '../../src/sql/subscription-conninfo.ts'
import type { DatabasePair, TestDatabase } from './database-pair.ts'
import { query } from './query.ts'

export interface LaneOptions {
  readonly lane?: number
  /** Of schema public. */
  readonly tables?: readonly string[]
  /** Leaves the rows to the server's own synchronisation. */
  readonly tableSync?: boolean
  /** Up to which of a lane's steps; default: all. */
  readonly until?: 'publication' | 'slot' | 'ledger'
}

/** A lane as `init` and `sync` leave one, without a row copied. Returns the name of its slot. */
export async function openLane({ source, target }: DatabasePair, options: LaneOptions = {}): Promise<string> {
  const { lane = 1, tables = ['t'], tableSync = false, until } = options
  const slot = slotName(source.name, lane)
  const comment = async (peer: TestDatabase) => laneComment({ lane, slot, peer: await systemIdentifier(peer), database: peer.name })
  const published = tables.map((name) => ({ schema: 'public', name, kind: 'table', predicate: null }))
  const publication = publicationName('changes', lane)
  await source.query(`${createSourceSchemaSql};\n${createHeartbeatSql(lane)}`)
  await source.query(createPublicationSql(publication, 'changes', [...published, heartbeatTable(lane)], await comment(target)))
  if (until === 'publication') return slot
  await source.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [slot])
  if (until === 'slot') return slot
  await writeLedger(source, target, lane, slot)
  if (until === 'ledger') return slot
  await target.query(createHeartbeatSql(lane))
  const connection = { source: parseConnectionUrl(source.url, { user: 'postgres' }), database: source.name }
  const conninfo = subscriptionConninfo({
    ...connection,
    sourceFromTarget: undefined,
    credentials: 'inline',
    targetVersion: target.server.major * 10_000,
  })
  const name = subscriptionName(lane)
  const create = createSubscriptionSql({ name, conninfo, publications: [publication], slot, tableSync, failover: false })
  await target.query(`${create};\n${commentSubscriptionSql(name, await comment(source))}`)
  return slot
}

async function writeLedger(source: TestDatabase, target: TestDatabase, lane: number, slot: string): Promise<void> {
  await target.query(createLedgerSql)
  const [database] = await source.query<{ oid: string }>('select oid from pg_database where datname = current_database()')
  await target.query(
    `insert into seren_replicator.ledger (source_system_identifier, source_database_oid, fingerprint, complete, pre_data_done, post_data_done)
     values ($1, $2, 'of a test', true, true, true) on conflict do nothing`,
    [await systemIdentifier(source), database?.oid],
  )
  await target.query("insert into seren_replicator.lane (lane, source_lsn, slot_name) values ($1, '0/1', $2)", [lane, slot])
}

async function systemIdentifier({ url }: TestDatabase): Promise<string> {
  const [row] = await query<{ id: string }>(url, 'select system_identifier::text as id from pg_control_system()')
  return row?.id ?? ''
}
