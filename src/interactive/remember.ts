import { z } from 'zod'
import type { Command, TimeWindow } from '../config/config.ts'
import type { LedgerTable, Observed, ObservedLedger } from '../plan/observed.ts'
import { type Answers, everything, type TableAnswers } from './answers.ts'
import type { Offer, OfferedDatabase, OfferedTable } from './offer.ts'

export interface Remembered {
  readonly answers: Answers
  /** Tables whose rows an earlier run chose in a way that isn't asked for here, as `[database, table]`. */
  readonly conditions: readonly (readonly [OfferedDatabase, OfferedTable])[]
}

/** The answers to begin with: those that an earlier copy was made with, for who goes on with it; else everything. */
export function remember(offer: Offer, observed: Observed, command: Command): Remembered {
  const found = offer.databases.flatMap((database) => {
    const ledger = ledgerOf(database, observed)
    return ledger?.scope == null ? [] : [{ database, ...tablesOf(database, ledger.scope) }]
  })
  const all = everything(offer)
  // What was never copied can't be followed.
  const followed = command === 'sync' && found.length > 0
  return {
    answers: {
      databases: followed ? new Set(found.map(({ database }) => database.name)) : all.databases,
      partial: new Set(found.filter(({ answers }) => isPart(answers)).map(({ database }) => database.name)),
      tables: new Map(found.map(({ database, answers }) => [database.name, answers])),
    },
    conditions: found.flatMap(({ database, conditions }) => conditions.map((table) => [database, table] as const)),
  }
}

function ledgerOf({ name }: OfferedDatabase, { source, databases }: Observed): ObservedLedger | undefined {
  const pair = databases.find((one) => one.source.name === name)
  const ledger = pair?.target?.content?.ledger
  const isOurs = ledger?.sourceSystemIdentifier === source.systemIdentifier && ledger.sourceDatabaseOid === pair?.source.oid
  return isOurs ? ledger : undefined
}

/** As plan/digest.ts writes it. */
const timeCondition = z.tuple([z.string(), z.number(), z.enum(['second', 'minute', 'hour', 'day', 'week', 'month', 'year'])])

function tablesOf({ tables }: OfferedDatabase, scope: readonly LedgerTable[]): { answers: TableAnswers; conditions: OfferedTable[] } {
  const then = new Map(scope.map((one) => [JSON.stringify([one.schema, one.name]), one]))
  const seen = tables.flatMap((table) => {
    const before = then.get(JSON.stringify([table.schema, table.name]))
    return before === undefined ? [] : [{ table, rule: before.rule, limits: before.conditions.map(limitOf) }]
  })
  const oids = (rule: string) => new Set(seen.filter((one) => one.rule === rule).map(({ table }) => table.oid))
  const limited = seen.flatMap(({ table, rule, limits: [limit, ...more] }) =>
    rule === 'filtered' && limit !== undefined && more.length === 0 && table.dated.includes(limit.column) ? [{ table, ...limit }] : [],
  )
  return {
    answers: {
      excluded: oids('excluded'),
      schemaOnly: oids('schema-only'),
      limited: new Set(limited.map(({ table }) => table.oid)),
      columns: new Map(limited.map(({ table, column }) => [table.oid, column])),
      windows: new Map(limited.map(({ table, window }) => [table.oid, window])),
    },
    conditions: seen
      .filter(({ table, rule }) => rule === 'filtered' && !limited.some((one) => one.table === table))
      .map(({ table }) => table),
  }
}

function isPart({ excluded, schemaOnly, limited }: TableAnswers): boolean {
  return excluded.size + schemaOnly.size + limited.size > 0
}

function limitOf(condition: string): { column: string; window: TimeWindow } | undefined {
  const parsed = timeCondition.safeParse(JSON.parse(condition))
  if (!parsed.success) return undefined
  const [column, count, unit] = parsed.data
  return { column, window: { count, unit } }
}
