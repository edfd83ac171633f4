import { literal } from './identifier.ts'

/** https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION */
export function dropSlotSql(slot: string): string {
  return `select pg_catalog.pg_drop_replication_slot(${literal(slot)})`
}
