import { type Warning, warning } from '../../errors.ts'
import { addForeignKeySql, validateForeignKeySql } from '../../sql/foreign-key.ts'
import type { ObservedCleanup, ObservedCleanupDatabase } from '../observed-cleanup.ts'
import { counted } from '../rules/listing.ts'
import { isLedgerOfSource, ownSubscriptions } from './ownership.ts'

/** What was yet to come, and won't any more. */
export function whatIsCutShort(observed: ObservedCleanup, database: ObservedCleanupDatabase): Warning[] {
  return [...unfinished(observed, database), ...missingForeignKeys(observed, database)]
}

function unfinished(observed: ObservedCleanup, database: ObservedCleanupDatabase): Warning[] {
  const ledger = isLedgerOfSource(observed, database) ? database.target?.ledger : undefined
  const unready = ownSubscriptions(observed, database).reduce((sum, { unreadyTables }) => sum + unreadyTables, 0)
  return [
    ...(ledger && !ledger.complete
      ? [
          warning('left-behind', 'the copy is not complete, and without its ledger it can not go on: a new run starts over', {
            database: database.name,
            hint: 'To finish it, start init again instead.',
          }),
        ]
      : []),
    ...(unready > 0
      ? [
          warning(
            'left-behind',
            `${counted(unready, 'table was', 'tables were')} still being synchronised: the rows that are missing stay so`,
            {
              database: database.name,
              hint: 'Run sync until every table is ready, then cleanup; or start over.',
            },
          ),
        ]
      : []),
  ]
}

/** With several lanes they wait for `sync`. A key of a table, or to one, that isn't there never was to come. */
function missingForeignKeys(observed: ObservedCleanup, { name, source, target }: ObservedCleanupDatabase): Warning[] {
  if (!target?.ledger?.complete || !isLedgerOfSource(observed, { name, source, target })) return []
  const standing = (schema: string, table: string, key: string) => target.foreignKeys.get(JSON.stringify([schema, table, key]))
  const isThere = (schema: string, table: string) => target.tables.has(JSON.stringify([schema, table]))
  const missing = (source?.foreignKeys ?? [])
    .filter(({ schema, table, referenced }) => isThere(schema, table) && isThere(referenced.schema, referenced.name))
    .flatMap((one) => {
      const found = standing(one.schema, one.table, one.name)
      if (found === undefined)
        return [[...addForeignKeySql(one), ...(one.validated && !one.partitioned ? [validateForeignKeySql(one)] : [])]]
      return one.validated && !found && !one.partitioned ? [[validateForeignKeySql(one)]] : []
    })
  if (missing.length === 0) return []
  return [
    warning(
      'left-behind',
      `${counted(missing.length, 'foreign key')} of the source ${missing.length === 1 ? 'is' : 'are'} not on the target, or not validated there`,
      {
        database: name,
        hint: 'sync adds them once every lane has caught up; after cleanup nothing does. Run this on the target.',
        sql: missing
          .flat()
          .map((sql) => `${sql};`)
          .join('\n'),
      },
    ),
  ]
}
