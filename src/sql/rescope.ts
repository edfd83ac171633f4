import { qualified } from './identifier.ts'

interface Named {
  readonly schema: string
  readonly name: string
}

/** With what depends on it: whatever of that is in scope must be held against what was there before, and restored. */
export function dropRelationSql({ kind, ...relation }: Named & { readonly kind: string }): string {
  return `drop ${kind} if exists ${qualified(relation)} cascade`
}

export function unpopulateSql(view: Named): string {
  return `refresh materialized view ${qualified(view)} with no data`
}
