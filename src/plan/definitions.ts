/** What stands on a table once its rows are there, spelled by the source (`pg_get_indexdef`, `pg_get_constraintdef`). */
export interface IndexDefinition {
  readonly oid: number
  readonly tableOid: number
  readonly name: string
  /** CREATE INDEX, qualified. */
  readonly definition: string
  readonly tablespace: string | null
  readonly replicaIdentity: boolean
  readonly clustered: boolean
  /** Of expression columns: number of the column and its statistics target. */
  readonly statistics: readonly { readonly column: number; readonly target: number }[]
  readonly dependsOnExtensions: readonly string[]
  readonly constraint: IndexConstraint | null
}

export interface IndexConstraint {
  readonly oid: number
  readonly name: string
  /** p primary key, u unique, x exclusion. */
  readonly kind: 'p' | 'u' | 'x'
  readonly definition: string
  readonly deferrable: boolean
  readonly initiallyDeferred: boolean
  /** WITHOUT OVERLAPS (18): can't be attached to an index that is there. */
  readonly temporal: boolean
}

export interface ForeignKeyDefinition {
  readonly oid: number
  readonly name: string
  readonly schema: string
  readonly table: string
  readonly tableOid: number
  readonly referencedOid: number
  readonly referenced: { readonly schema: string; readonly name: string }
  readonly partitioned: boolean
  readonly definition: string
  readonly validated: boolean
  readonly comment: string | null
}
