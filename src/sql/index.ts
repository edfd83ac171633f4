import { identifier, literal, qualified } from './identifier.ts'

interface Table {
  readonly schema: string
  readonly name: string
}

/** Structurally plan/definitions.ts's IndexDefinition: this layer knows SQL alone. */
interface Index {
  readonly name: string
  readonly definition: string
  readonly tablespace: string | null
  readonly replicaIdentity: boolean
  readonly clustered: boolean
  readonly statistics: readonly { readonly column: number; readonly target: number }[]
  readonly dependsOnExtensions: readonly string[]
  readonly constraint: {
    readonly name: string
    readonly kind: 'p' | 'u' | 'x'
    readonly definition: string
    readonly deferrable: boolean
    readonly initiallyDeferred: boolean
    readonly temporal: boolean
  } | null
}

/** Whether the constraint can take over an index that was built before it, which takes a short lock alone. */
export function isAttachable(index: Index): boolean {
  return index.constraint !== null && index.constraint.kind !== 'x' && !index.constraint.temporal
}

export function createIndexSql(index: Index): string {
  if (index.tablespace === null) return index.definition
  return `set default_tablespace = ${literal(index.tablespace)};\n${index.definition};\nreset default_tablespace`
}

/**
 * Once all indexes of a table are there: its constraints, and what is said of its indexes.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX
 */
export function attachConstraintSql(table: Table, index: Index): string[] {
  const { constraint } = index
  if (constraint === null) return []
  const add = `alter table only ${qualified(table)} add constraint ${identifier(constraint.name)}`
  if (!isAttachable(index)) return [`${add} ${constraint.definition}`]
  const kind = constraint.kind === 'p' ? 'primary key' : 'unique'
  const deferred = constraint.deferrable ? ` deferrable${constraint.initiallyDeferred ? ' initially deferred' : ''}` : ''
  return [`${add} ${kind} using index ${identifier(index.name)}${deferred}`]
}

export function describeIndexSql(table: Table, index: Index): string[] {
  const name = qualified({ schema: table.schema, name: index.name })
  return [
    ...(index.clustered ? [`alter table ${qualified(table)} cluster on ${identifier(index.name)}`] : []),
    ...(index.replicaIdentity ? [`alter table only ${qualified(table)} replica identity using index ${identifier(index.name)}`] : []),
    ...index.statistics.map(({ column, target }) => `alter index ${name} alter column ${column} set statistics ${target}`),
    ...index.dependsOnExtensions.map((extension) => `alter index ${name} depends on extension ${identifier(extension)}`),
  ]
}
