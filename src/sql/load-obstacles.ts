import { dropForeignKeySql } from './foreign-key.ts'
import { identifier, qualified } from './identifier.ts'

/** What follows tables' rows, and would be in the way of loading them anew. */
export interface LoadObstacles {
  readonly foreignKeys: readonly OfTable[]
  /** As their topmost table has them: a partition can't lose the one that it has from there. */
  readonly triggers: readonly OfTable[]
  /** Tables whose owner, too, may be subject to it, and then can't COPY. */
  readonly rowSecurity: readonly { readonly schema: string; readonly name: string }[]
}

interface OfTable {
  readonly schema: string
  readonly table: string
  readonly name: string
}

/** They come again with what follows the rows: see engine/schema/missing-post-data.ts. */
export function removeObstaclesSql({ foreignKeys, triggers, rowSecurity }: LoadObstacles): string[] {
  return [
    ...foreignKeys.map(dropForeignKeySql),
    ...triggers.map(({ schema, table, name }) => `drop trigger if exists ${identifier(name)} on ${qualified({ schema, name: table })}`),
    ...rowSecurity.map((table) => `alter table ${qualified(table)} disable row level security`),
  ]
}
