import { z } from 'zod'
import { followed } from './digest.ts'
import type { LedgerTable } from './observed.ts'
import { counted, listed, spelled } from './rules/listing.ts'
import { isUnfollowed, type RelationNamed, type ScopeChange } from './scope-change.ts'

/** How many of each kind are named; the rest is counted. */
const mostNamed = 20
/** Of a filter's text. */
const mostText = 160

/** "2 tables added (a, b), 1 removed (c), rows of 1 differ (d: all rows → status = 'new')". */
export function changeInWords({ added, removed, withdrawn, refiltered }: ScopeChange): string {
  const names = (tables: readonly RelationNamed[]) =>
    listed(
      tables.map(({ schema, name }) => spelled(schema, name)),
      mostNamed,
    )
  const filters = refiltered.map(({ schema, name, before, after }) => `${spelled(schema, name)}: ${rowsOf(before)} → ${rowsOf(after)}`)
  const gone = [...removed, ...withdrawn]
  const parts = [
    ...(added.length > 0 ? [`${counted(added.length, 'relation')} added (${names(added)})`] : []),
    ...(gone.length > 0 ? [`${counted(gone.length, 'relation')} removed (${names(gone)})`] : []),
    ...(filters.length > 0 ? [`other rows of ${counted(filters.length, 'relation')} (${listed(filters, mostNamed)})`] : []),
  ]
  return parts.length > 0 ? parts.join(', ') : 'nothing that could be named'
}

function rowsOf(table: LedgerTable): string {
  const { rule, conditions } = table
  if (isUnfollowed(table)) return 'rows that nothing follows any more'
  if (rule === 'schema-only') return 'no rows'
  if (rule !== 'filtered') return 'all rows'
  return shortened(conditions.map(conditionInWords).join(' and '))
}

/** As plan/digest.ts writes them. */
const predicate = z.tuple([z.string()])
const following = z.tuple([z.literal(followed), z.string()])
const timeWindow = z.tuple([z.string(), z.number(), z.string()])

function conditionInWords(text: string): string {
  const given = JSON.parse(text)
  if (following.safeParse(given).success) return 'rows that selected rows refer to'
  const [one] = predicate.safeParse(given).data ?? []
  if (one !== undefined) return one
  const [column, count, unit] = timeWindow.safeParse(given).data ?? []
  return column === undefined || count === undefined || unit === undefined ? text : `${column} of the last ${counted(count, unit)}`
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > mostText ? `${line.slice(0, mostText)}…` : line
}
