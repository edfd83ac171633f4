import { literal } from './identifier.ts'

/**
 * What the ledger knows of the source that nothing there tells. Each table is made when there's first something to note, so that a ledger of an
 * earlier version has it too.
 */

interface Identity {
  readonly schema: string
  readonly name: string
  /** `relreplident` as it was. */
  readonly was: string
}

/** Tables whose replica identity is about to be set to FULL on the source; noted before, and never anew, so that what it was stays known. */
export function noteIdentitiesSql(tables: readonly Identity[]): string {
  const values = tables.map((one) => `(${literal(one.schema)}, ${literal(one.name)}, ${literal(one.was)})`)
  return `create table if not exists seren_replicator.identity_set (
  schema_name text,
  table_name text,
  was "char" not null,
  primary key (schema_name, table_name)
);
insert into seren_replicator.identity_set values ${values.join(', ')} on conflict do nothing`
}

/** Slots that only a subscription named which is about to be dropped. */
export function noteSlotsSql(slots: readonly string[]): string {
  return `create table if not exists seren_replicator.slot_left (
  slot_name text primary key
);
insert into seren_replicator.slot_left values ${slots.map((slot) => `(${literal(slot)})`).join(', ')} on conflict do nothing`
}

interface Table {
  readonly schema: string
  readonly name: string
}

/** Tables that leave a lane only to be copied anew; noted before, so that a run which is killed then leaves none that nobody misses. */
export function noteResyncSql(lane: number, tables: readonly Table[]): string {
  const values = tables.map(({ schema, name }) => `(${literal(schema)}, ${literal(name)}, ${lane})`)
  return `create table if not exists seren_replicator.resync (
  schema_name text,
  table_name text,
  lane integer not null,
  primary key (schema_name, table_name)
);
insert into seren_replicator.resync values ${values.join(', ')} on conflict do nothing`
}

/** They're subscribed again, and have a state there. */
export function forgetResyncSql(tables: readonly Table[]): string {
  const values = tables.map(({ schema, name }) => `(${literal(schema)}, ${literal(name)})`)
  return `delete from seren_replicator.resync where (schema_name, table_name) in (${values.join(', ')})`
}
