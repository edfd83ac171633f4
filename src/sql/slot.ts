import { literal } from './identifier.ts'

/**
 * Drops the slot if it's there, and is this database's and for pgoutput: names are the whole server's, and anyone can have taken ours.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION
 */
export function dropSlotSql(slot: string): string {
  return `select pg_catalog.pg_drop_replication_slot(slot_name) from pg_catalog.pg_replication_slots where slot_name = ${literal(slot)} and database = pg_catalog.current_database() and plugin = 'pgoutput'`
}
