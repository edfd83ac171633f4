import { qualified } from './identifier.ts'
import { ownSchema } from './own-schema.ts'

/** All that a ledger can consist of; a table that refers to another comes before it. */
export const ledgerTables = ['copied', 'lane', 'ledger', 'lent_role', 'identity_set', 'slot_left', 'resync'] as const

/** With the schema, if nothing else is in it; one transaction. */
export function dropLedgerSql(heartbeats: readonly string[], whole: boolean): string {
  const tables = [...ledgerTables, ...heartbeats].map((name) => qualified({ schema: ownSchema, name }))
  return [`drop table if exists ${tables.join(', ')}`, ...(whole ? [dropOwnSchemaSql] : [])].join(';\n')
}

/** Fails where something is in it. */
export const dropOwnSchemaSql = `drop schema if exists ${ownSchema}`
