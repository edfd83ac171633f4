import type { ScopeDependency } from '../scope/scope-database.ts'

/** What was read from one source database. Names are as they stand in the catalog, never quoted. */

/** Everything of one source database. Each list is read by one query, whatever the number of tables. */
export interface ObservedCatalog {
  readonly relations: readonly ObservedRelation[]
  readonly extensions: readonly { readonly name: string; readonly version: string; readonly schema: string }[]
  /** TimescaleDB's, those behind compressed chunks and continuous aggregates included. */
  readonly hypertables: readonly ObservedHypertable[]
  readonly eventTriggers: readonly string[]
  readonly newerObjects: readonly ObservedNewerObject[]
  /** `unreadable`: those that the role may not SELECT, by owner and `lomacl`; 0 with `lo_compat_privileges`. `bytes`: on disk. */
  readonly largeObjects: { readonly count: bigint; readonly unreadable: bigint; readonly bytes: bigint }
  /** Foreign keys between tables: constraint, child (the referencing) and parent by oid. */
  readonly foreignKeys: readonly ObservedForeignKey[]
  /** Schemas that the role may not use, though they hold relations. */
  readonly closedSchemas: readonly string[]
  /** Sequences without SELECT for the role. */
  readonly unreadableSequences: readonly { readonly schema: string; readonly name: string }[]
  /** Tablespaces that objects stand in, besides the default. */
  readonly tablespaces: readonly string[]
  /** Names of non-default index/table access methods, procedural languages and collations that need something of the target. */
  readonly languages: readonly string[]
  /** Roles that own objects or appear in grants and policies. */
  readonly roles: readonly string[]
  /** Those of them that own something. */
  readonly owners: readonly string[]
  /** Relations, routines, types or large objects that neither the system nor an extension brought. */
  readonly hasUserObjects: boolean
  /** What can't be there without a certain relation. */
  readonly dependencies: readonly ScopeDependency[]
  /** The moment that time filters' windows count from (`timestamptz` as text, UTC). */
  readonly asOf: string
  /** By oid of the filtered relation; a partitioned table's filter stands for its partitions'. */
  readonly filters: ReadonlyMap<number, ObservedFilter>
  /** Only for what copies. */
  readonly partialKeys: readonly ObservedPartialKey[]
}

/** What not every major that is supported can define. */
export interface ObservedNewerObject {
  /** The first major that can. */
  readonly since: number
  readonly feature: string
  /** "view public.film_list", "table constraint film_pkey on public.film". */
  readonly object: string
  /** The table that it's a part of, by oid, and that is left out with it. */
  readonly relation: number | null
}

/** What the source says of a filter's predicate. */
export interface ObservedFilter {
  /** As SQL, with cut-off times and all that reads the clock literal. */
  readonly predicate: string
  /** As the user gave it, where that's another text. */
  readonly given: string | null
  /** Set where the predicate finds rows that come along, since selected rows refer to them. */
  readonly comesAlong?: ComesAlong
  /** Why it can't be used; null: it can. */
  readonly error: string | null
  /** The planner's estimate by oid of each table that is read: the relation itself or its partitions. */
  readonly estimatedRows: ReadonlyMap<number, bigint>
  /** Of a hypertable's compressed chunks, by oid, which can't be filtered row by row. */
  readonly compressedChunks: ReadonlyMap<number, ChunkShare>
}

/** How many of a chunk's rows a filter takes, as far as the chunk's bounds tell. */
export type ChunkShare = 'all' | 'none' | 'some'

export interface ObservedHypertable {
  readonly oid: number
  /** In TimescaleDB's catalog. */
  readonly id: number
  /** Hidden: holds the compressed rows of this one. */
  readonly compressedOid: number | null
  /** Chunks whose rows, or most of them, are in another table. */
  readonly compressedChunks: readonly { readonly chunk: number; readonly storage: number }[]
  /** It holds the rows of a continuous aggregate: its view, and the hypertable that is summed up. */
  readonly aggregate: { readonly view: number; readonly of: number } | null
}

/** The rows that selected rows refer to, with those of a filter. */
export interface ComesAlong {
  /** The predicate without them. */
  readonly own: string
  /** "2 rows that selected rows refer to (…)". */
  readonly words: string
}

export interface ObservedForeignKey {
  readonly name: string
  readonly childOid: number
  readonly parentOid: number
  readonly childColumns: readonly string[]
  readonly parentColumns: readonly string[]
  /** That find a child's parent, spelled `operator(schema.=)`. */
  readonly operators: readonly string[]
  /** Neither NOT VALID nor NOT ENFORCED: rows that break it can't be on the target. */
  readonly isKept: boolean
}

/** A foreign key of rows that are selected, to a table of which some row isn't. */
export interface ObservedPartialKey {
  readonly key: ObservedForeignKey
  /** Rows whose parent isn't selected; or why they couldn't be counted. */
  readonly orphans: { readonly rows: bigint } | { readonly error: string }
  /** Counts them, at another time. */
  readonly countSql: string
}

/**
 * `table` (relkind r, partitions included), `partitioned` (p), `materialized-view`, `view`, `foreign-table`, `sequence`.
 * Members of extensions are in the list only if the extension dumps their rows (`pg_extension_config_dump`).
 */
export type RelationKind = 'table' | 'partitioned' | 'materialized-view' | 'view' | 'foreign-table' | 'sequence'

export interface ObservedRelation {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: RelationKind
  readonly owner: string
  /** `relpersistence` = u. */
  readonly unlogged: boolean
  /** Direct parent of a partition or inheritance child, by oid. */
  readonly parents: readonly number[]
  readonly isPartition: boolean
  /**
   * What it can't be told apart from: a chunk's hypertable, the hypertable whose compressed rows it holds, the continuous aggregate's view.
   */
  readonly partOf: number | null
  /** The rows of it and of its parts are TimescaleDB's business: nothing else keeps track of new chunks. */
  readonly isHypertable: boolean
  /** Partitioned by hash of what may hash by its OID (enums): see plan/routed-trees.ts. */
  readonly routedByOid: boolean
  /** `reltuples` scaled to today's size; the planner's guess from size and width if never analyzed. */
  readonly estimatedRows: bigint
  readonly analyzed: boolean
  /** Main fork with its free space and visibility maps; without TOAST and indexes. */
  readonly heapBytes: bigint
  readonly toastBytes: bigint
  readonly indexBytes: bigint
  /** Blocks of the main fork: `pg_relation_size / block_size`. */
  readonly blocks: number
  readonly indexes: number
  readonly columns: readonly ObservedColumn[]
  /** A deferrable one identifies no row to replication. */
  readonly primaryKey: 'none' | 'deferrable' | 'immediate'
  /** d default, n nothing, f full, i index. */
  readonly replicaIdentity: 'd' | 'n' | 'f' | 'i'
  /**
   * The columns that tell which row an UPDATE or DELETE meant: of a primary key that isn't deferrable, or of the index named; all of them with
   * FULL. Null: the server refuses both once the table is published for them.
   */
  readonly identityColumns: readonly string[] | null
  /** Columns whose type has no equality operator: under FULL the target can't find a row by them. */
  readonly incomparableColumns: readonly string[]
  /** Our role may publish it: owner, or member of the owner. */
  readonly canPublish: boolean
  /** Row security is enabled; forced also for the owner. */
  readonly rowSecurity: 'off' | 'on' | 'forced'
  /** `row_security_active(oid)`: policies apply to our role, and may hide rows from it. */
  readonly rowSecurityActive: boolean
  /** User triggers' names with `tgenabled`. */
  readonly triggers: readonly { readonly name: string; readonly enabled: 'O' | 'D' | 'R' | 'A' }[]
  readonly canSelect: boolean
  /** Extension whose `pg_extension_config_dump` wants the rows, with its condition ("" for all). */
  readonly extensionData: { readonly extension: string; readonly condition: string } | null
  /** Bounds between parts by key on majors without TID range scans (before 14); null elsewhere and for small tables. */
  readonly splitKey: { readonly column: string; readonly bounds: readonly string[] } | null
}

export interface ObservedColumn {
  readonly name: string
  /** `format_type`, e.g. `numeric(10,2)`. */
  readonly type: string
  readonly notNull: boolean
  /** `attgenerated`: '' none, s stored, v virtual (18). */
  readonly generated: '' | 's' | 'v'
  /** `attidentity`: '' none, a always, d by default. */
  readonly identity: '' | 'a' | 'd'
  /** How the type, down to elements, fields and base types, travels: see plan/copy-format.ts. */
  readonly transfer: ColumnTransfer
}

export type ColumnTransfer =
  /** Built in with send and receive, of equal meaning on every server. */
  | { readonly kind: 'binary' }
  /** Binary only if the target is 14+ (arrays and composites of user types carry OIDs). */
  | { readonly kind: 'binary-from-14' }
  /** Binary only if the target is 17+: infinite intervals, which older servers would take for finite ones. */
  | { readonly kind: 'binary-from-17' }
  /** Binary only at the same version of that extension. */
  | { readonly kind: 'extension'; readonly extension: string }
  /** `reg*`, `aclitem`, `money`, no send/receive … */
  | { readonly kind: 'text' }
  /** The type's text doesn't read back (no input function for users: pseudo and internal types such as `pg_node_tree`). */
  | { readonly kind: 'none' }
