import { identifier } from '../sql/identifier.ts'
import { rowAlias } from '../sql/row-alias.ts'
import { type Edit, editText } from './edit-text.ts'
import type { KnownNames } from './known-names.ts'
import { tokenAt } from './locate-node.ts'
import { missingColumn } from './predicate.ts'
import type { ColumnUse, FunctionUse, Survey } from './survey-predicate.ts'
import type { Span } from './syntax-tree.ts'

interface FilteredTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly { readonly name: string }[]
}

/**
 * The same predicate where there's no search path, and where the table goes by another name: names get their schemas; those of the table itself
 * vanish, or become the row's. And `age(x)` says what it counts from.
 */
export function spellOut(text: string, tokens: readonly Span[], survey: Survey, table: FilteredTable, known: KnownNames): string {
  const qualifying = (['function', 'type', 'relation'] as const).flatMap((kind) =>
    survey[`${kind}s`].flatMap((use) => {
      const schema = known.missingSchema(kind, use)
      return schema === null ? [] : { start: use.location, end: use.location, text: `${identifier(schema)}.` }
    }),
  )
  const ages = survey.functions.filter((use) => isAge(use, known)).flatMap((use) => countedFromToday(text, tokens, use))
  const columns = survey.columns.flatMap((use) => ofTheRow(tokens, use, table))
  return editText(text, [...qualifying, ...ages, ...columns])
}

/** Of the table itself; a subquery's are the server's to find. */
export function missingColumns({ columns }: Survey, table: FilteredTable): string[] {
  const known = new Set([...table.columns.map(({ name }) => name), table.name, 'tableoid'])
  const missing = columns.filter(({ names: [name = ''], parts, outer }) => outer && parts === 1 && !known.has(name))
  return missing.map(({ names: [name = ''] }) => missingColumn(name, table.columns))
}

/** https://www.postgresql.org/docs/current/functions-datetime.html: "age(timestamp): Subtract argument from current_date (at midnight)". */
function isAge(use: FunctionUse, known: KnownNames): boolean {
  return use.arguments === 1 && use.names.at(-1) === 'age' && known.find('function', use)[0]?.schema === 'pg_catalog'
}

function countedFromToday(text: string, tokens: readonly Span[], { location }: FunctionUse): Edit[] {
  const opening = tokens.find(({ start, end }) => start > location && text.slice(start, end) === '(')
  return opening === undefined ? [] : [{ start: opening.end, end: opening.end, text: 'current_date, ' }]
}

/** `users.id`, `public.users.id`, and `users` or `users.*` for the whole row. */
function ofTheRow(tokens: readonly Span[], use: ColumnUse, table: FilteredTable): Edit[] {
  const qualifier = qualifierLength(use, table)
  const first = tokenAt(tokens, use.location)
  const start = tokens[first]?.start
  // Names and dots take turns.
  const last = tokens[first + 2 * qualifier - 2]
  const column = tokens[first + 2 * qualifier]
  if (qualifier === 0 || start === undefined || last === undefined) return []
  const name = use.names[qualifier]
  if (!use.outer || name === undefined || column === undefined) return [{ start, end: last.end, text: rowAlias }]
  return [{ start, end: column.end, text: identifier(name) }]
}

/** How many of a reference's parts name the table. */
function qualifierLength({ names, parts, outer, shadowed }: ColumnUse, { schema, name, columns }: FilteredTable): number {
  const [first, second] = names
  if (parts === 1) return outer && first === name && !columns.some((column) => column.name === name) ? 1 : 0
  if (parts === 3 && first === schema && second === name) return 2
  return parts === 2 && first === name && !shadowed ? 1 : 0
}
