import { identifier, qualified } from './identifier.ts'

interface Named {
  readonly schema: string
  readonly name: string
}

/** With what depends on it: whatever of that is in scope must be held against what was there before, and restored. */
export function dropRelationSql({ kind, ...relation }: Named & { readonly kind: string }): string {
  return `drop ${kind} if exists ${qualified(relation)} cascade`
}

export function dropTriggerSql({
  schema,
  table,
  name,
}: {
  readonly schema: string
  readonly table: string
  readonly name: string
}): string {
  return `drop trigger if exists ${identifier(name)} on ${qualified({ schema, name: table })}`
}

export function disableRowSecuritySql(table: Named): string {
  return `alter table ${qualified(table)} disable row level security`
}

export function unpopulateSql(view: Named): string {
  return `refresh materialized view ${qualified(view)} with no data`
}
