import { identifier, literal } from './identifier.ts'

/** Which rows of a table one statement reads. */
export type RowRange =
  | { readonly by: 'whole' }
  /** Blocks from (inclusive) to (exclusive); null: open end. */
  | { readonly by: 'ctid'; readonly from: number | null; readonly to: number | null }
  /** Key values as text, from (inclusive) to (exclusive). */
  | { readonly by: 'key'; readonly column: string; readonly from: string | null; readonly to: string | null }

/** Conditions on the table that is called `alias`, to be joined by AND; none for the whole table. */
export function rowRangeConditions(range: RowRange, alias: string): string[] {
  switch (range.by) {
    case 'whole':
      return []
    case 'ctid':
      return bounds(`${alias}.ctid`, range, (block) => `'(${block},0)'::pg_catalog.tid`)
    case 'key':
      return bounds(`${alias}.${identifier(range.column)}`, range, literal)
  }
}

function bounds<T>(
  column: string,
  { from, to }: { readonly from: T | null; readonly to: T | null },
  spell: (value: T) => string,
): string[] {
  return [...(from === null ? [] : [`${column} >= ${spell(from)}`]), ...(to === null ? [] : [`${column} < ${spell(to)}`])]
}
