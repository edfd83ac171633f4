import { literal } from './identifier.ts'

/** What marks our schema; `pg/catalog/ledger.ts` looks for it, and what lacks it is never touched. */
export const ledgerComment = 'postgres-seren-replicator: progress of the replication into this database'

/**
 * Progress lives where the rows live, written in the same transaction, so that after any kill it is exactly true. `rescoped`: definitions that
 * belong after the rows were there once, and some may be missing now.
 * `lane`: one snapshot each, with the slot that follows on it; `subscribed`: there was a subscription once. `copied`: whole tables (one part) and parts. `lent_role`: owners that our role
 * was made a member of for as long as there's a subscription, whose worker acts for them.
 */
export const createLedgerSql = `
create schema if not exists seren_replicator;
comment on schema seren_replicator is ${literal(ledgerComment)};
create table if not exists seren_replicator.ledger (
  only_row boolean primary key default true check (only_row),
  source_system_identifier text not null,
  source_database_oid bigint not null,
  fingerprint text not null,
  as_of text,
  scope jsonb,
  pre_data_done boolean not null default false,
  post_data_done boolean not null default false,
  rescoped boolean not null default false,
  complete boolean not null default false,
  run_mark text,
  lease_pid integer,
  lease_beat timestamp with time zone,
  started_at timestamp with time zone not null default pg_catalog.now(),
  finished_at timestamp with time zone
);
create table if not exists seren_replicator.lane (
  lane integer primary key,
  source_lsn pg_catalog.pg_lsn not null,
  slot_name text,
  subscribed boolean not null default false,
  opened_at timestamp with time zone not null default pg_catalog.now()
);
create table if not exists seren_replicator.lent_role (
  role_name text primary key
);
create table if not exists seren_replicator.copied (
  schema_name text,
  table_name text,
  part integer,
  parts integer not null,
  lane integer not null references seren_replicator.lane,
  row_count bigint not null,
  byte_count bigint not null,
  seconds double precision not null,
  finished_at timestamp with time zone not null default pg_catalog.clock_timestamp(),
  primary key (schema_name, table_name, part)
)`

/** For a ledger that an earlier version of this tool wrote. */
export const updateLedgerSql = `
alter table seren_replicator.ledger add column if not exists as_of text;
alter table seren_replicator.ledger add column if not exists scope jsonb;
alter table seren_replicator.ledger add column if not exists rescoped boolean not null default false;
alter table seren_replicator.lane add column if not exists slot_name text;
alter table seren_replicator.lane add column if not exists subscribed boolean not null default false`

export interface CopiedRow {
  readonly schema: string
  readonly name: string
  readonly part: number
  readonly parts: number
  readonly lane: number
  readonly rows: bigint
  readonly bytes: bigint
  readonly seconds: number
}

/**
 * Fails, with SQLSTATE 22P02, unless the ledger is still that run's. Ahead of whatever changes tables or ledger, in the same
 * transaction: a run that lost its lease must not write beside the one that took over. No plpgsql, which a role may not use.
 */
export function ownLedgerSql(runMark: string): string {
  return `select (case when exists (select from seren_replicator.ledger where run_mark = ${literal(runMark)}) then '1' else 'taken over' end)::pg_catalog.int4`
}

/** To be run in the transaction that empties a table and loads it whole: right however often it's done. */
export function recordWholeSql(row: CopiedRow): string {
  return `${forgetCopiedSql(row)};\n${recordCopiedSql([row])}`
}

/**
 * To be run in the transaction that loads the rows. A part that is there already makes it fail: when a connection is lost during
 * COMMIT nobody knows whether it succeeded, and loading the part again would double its rows.
 */
export function recordCopiedSql(rows: readonly CopiedRow[]): string {
  const values = rows.map((one) =>
    [literal(one.schema), literal(one.name), one.part, one.parts, one.lane, one.rows, one.bytes, one.seconds.toFixed(3)].join(', '),
  )
  return `insert into seren_replicator.copied (schema_name, table_name, part, parts, lane, row_count, byte_count, seconds)
values ${values.map((one) => `(${one})`).join(',\n  ')}`
}

/** The table starts over: parts of different snapshots don't fit together. */
export function forgetCopiedSql(table: { readonly schema: string; readonly name: string }): string {
  return `delete from seren_replicator.copied where schema_name = ${literal(table.schema)} and table_name = ${literal(table.name)}`
}

/** Its tables start over. */
export function forgetLaneSql(lane: number): string {
  return `delete from seren_replicator.copied where lane = ${lane};
delete from seren_replicator.lane where lane = ${lane}`
}

/** It has no slot any more; what is copied stays so. */
export function closeLaneSql(lane: number): string {
  return `update seren_replicator.lane set slot_name = null where lane = ${lane};
delete from seren_replicator.lane l where l.lane = ${lane} and not exists (select from seren_replicator.copied c where c.lane = l.lane)`
}

/** With the subscription itself: should that be gone one day, somebody dropped it. */
export function noteSubscribedSql(lane: number): string {
  return `update seren_replicator.lane set subscribed = true where lane = ${lane}`
}

/** The lane's tables are another's from now on. */
export function mergeLaneSql(lane: number, into: number): string {
  return `update seren_replicator.copied set lane = ${into} where lane = ${lane};
delete from seren_replicator.lane where lane = ${lane}`
}

/** Tables were taken in that came to be since: the same scope is what it's now. */
export function rescopeSql({ fingerprint, scope }: { readonly fingerprint: string; readonly scope: unknown }): string {
  return `update seren_replicator.ledger set fingerprint = ${literal(fingerprint)}, scope = ${literal(JSON.stringify(scope))}`
}

/** Of a ledger whose old scope has been left, while the new one isn't whole yet: no scope's own. */
export function fingerprintUnderWay(fingerprint: string): string {
  return `under way to ${fingerprint}`
}

/** Some of what follows the rows, if that was there, is missing from now on. */
export const reopenSql = 'update seren_replicator.ledger set rescoped = rescoped or post_data_done, post_data_done = false'
