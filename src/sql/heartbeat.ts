import { literal } from './identifier.ts'
import { ownMark } from './own-schema.ts'
import { heartbeatName } from './replication-names.ts'

/** Schema and marker of one lane, on either side; the target's row must be there, since only updates are sent. */
export function createHeartbeatSql(lane: number): string {
  return `${createEmptyHeartbeatSql(lane)};
insert into seren_replicator.${heartbeatName(lane)} default values on conflict do nothing`
}

/** Its row is yet to come, with a table synchronisation that copies it. */
export function createEmptyHeartbeatSql(lane: number): string {
  return `create table if not exists seren_replicator.${heartbeatName(lane)} (
  only_row boolean primary key default true check (only_row),
  beat bigint not null default 0,
  beat_at timestamp with time zone not null default pg_catalog.clock_timestamp()
)`
}

/** On the source; the target has the ledger's schema. */
export const createSourceSchemaSql = `create schema if not exists seren_replicator;
comment on schema seren_replicator is ${literal(`${ownMark}: marks that measure the lag of a replication from this database`)}`

export function dropHeartbeatSql(lane: number): string {
  return `drop table if exists seren_replicator.${heartbeatName(lane)}`
}

export function beatSql(lane: number): string {
  return `update seren_replicator.${heartbeatName(lane)} set beat = beat + 1, beat_at = pg_catalog.clock_timestamp() returning beat`
}

export function readBeatSql(lane: number): string {
  return `select beat from seren_replicator.${heartbeatName(lane)}`
}

/** On the source: what the last beat was, and how long ago. */
export function lastBeatSql(lane: number): string {
  return `select beat as marker, extract(epoch from pg_catalog.clock_timestamp() - beat_at)::pg_catalog.float8 as seconds from seren_replicator.${heartbeatName(lane)}`
}
