/**
 * What was read from both servers before anything was decided. Plain data: pg/catalog returns it, plan/ judges it.
 * Names are as they stand in the catalog, never quoted. Byte and row counts are bigint.
 */

export interface Observed {
  readonly source: ObservedServer
  readonly target: ObservedServer
  readonly tools: ObservedTools
  /** Processors of the machine that runs this tool. */
  readonly processors: number
  /** One entry per database of the source, in scope or not, in the order of their names. */
  readonly databases: readonly ObservedPair[]
  /** Set once the probe ran; see engine/probe.ts. */
  readonly probe?: ObservedProbe
}

export interface ObservedServer {
  readonly host: string
  readonly port: number
  /** `server_version_num`, e.g. 170010. */
  readonly versionNumber: number
  /** `server_version`, e.g. "17.10 (Debian …)". */
  readonly version: string
  /** `pg_control_system()`; empty where the role may not read it. */
  readonly systemIdentifier: string
  readonly user: string
  readonly superuser: boolean
  readonly createDatabase: boolean
  readonly createRole: boolean
  readonly replication: boolean
  readonly inRecovery: boolean
  /** `pg_settings`: name → value, all rows that the role may see. */
  readonly settings: ReadonlyMap<string, string>
  readonly connections: { readonly maximum: number; readonly reserved: number; readonly used: number }
  /** TLS version of our session ("TLSv1.3"); null: not encrypted. */
  readonly tls: string | null
  /** Whether our session runs through a pooler, as far as it can be told (session state that doesn't stick, host name, port). */
  readonly pooler: boolean
  /** The host's name resolves to IPv6 addresses alone (or is one): reached from here, but not from a runner without IPv6. */
  readonly ipv6Only: boolean
  readonly databases: readonly ObservedDatabase[]
  readonly roles: readonly ObservedRole[]
  /** Names in `pg_tablespace`. */
  readonly tablespaces: readonly string[]
  /** `pg_available_extension_versions`: name → versions. */
  readonly availableExtensions: ReadonlyMap<string, { readonly defaultVersion: string; readonly versions: readonly string[] }>
  /** Names of libc and ICU collations in `pg_collation` of the database connected to: what CREATE DATABASE can be given. */
  readonly locales: readonly string[]
  readonly longTransactions: readonly { readonly pid: number; readonly user: string; readonly database: string; readonly application: string; readonly seconds: number; readonly state: string }[]
  readonly preparedTransactions: readonly { readonly gid: string; readonly database: string; readonly owner: string; readonly seconds: number }[]
}

export interface ObservedDatabase {
  readonly name: string
  readonly oid: number
  readonly owner: string
  /** `UTF8`, `SQL_ASCII`, … */
  readonly encoding: string
  /** `c` libc, `i` ICU, `b` builtin. */
  readonly localeProvider: 'c' | 'i' | 'b'
  readonly collate: string
  readonly ctype: string
  /** ICU or builtin locale; null for libc. */
  readonly locale: string | null
  readonly icuRules: string | null
  readonly collationVersion: string | null
  readonly isTemplate: boolean
  readonly allowConnections: boolean
  readonly canConnect: boolean
  readonly connectionLimit: number
  readonly tablespace: string
  readonly comment: string | null
  /** `datacl` as text items (`role=CTc/owner`); null: the default privileges. */
  readonly acl: readonly string[] | null
  /** `pg_db_role_setting`: role "" means all roles. */
  readonly settings: readonly { readonly role: string; readonly name: string; readonly value: string }[]
  /** `pg_database_size`; null where the role may not ask. */
  readonly bytes: bigint | null
}

export interface ObservedRole {
  readonly name: string
  readonly superuser: boolean
  readonly inherit: boolean
  readonly createRole: boolean
  readonly createDatabase: boolean
  readonly login: boolean
  readonly replication: boolean
  readonly bypassRls: boolean
  readonly connectionLimit: number
  readonly validUntil: string | null
  readonly comment: string | null
  /** Settings for all databases, as `pg_db_role_setting` has them. */
  readonly settings: readonly { readonly name: string; readonly value: string }[]
  /** Roles of which this one is a member. The flags other than `admin` exist from 16 on (defaults there: inherit as the role, set true). */
  readonly memberOf: readonly { readonly role: string; readonly grantor: string; readonly admin: boolean; readonly inherit: boolean | null; readonly set: boolean | null }[]
  /** Whether our session's role on that server is a member (directly or not), so that it may give objects to it. */
  readonly usable: boolean
  /** SCRAM or md5 verifier; null: none, or unreadable (see `passwordReadable`). */
  readonly passwordReadable: boolean
}

export interface ObservedPair {
  readonly source: ObservedDatabase
  /** Read only for databases that may be in scope. */
  readonly catalog: ObservedCatalog | null
  /** The target's database of the same name; null: doesn't exist. */
  readonly target: ObservedTarget | null
}

export interface ObservedTarget {
  readonly database: ObservedDatabase
  /** Null when we can't connect to it. */
  readonly content: ObservedTargetContent | null
}

export interface ObservedTargetContent {
  /** What is there beyond what a fresh database (and extensions' members) holds: "table public.film", at most 20. */
  readonly foreignObjects: readonly string[]
  readonly foreignObjectCount: number
  /** Schemas besides the system's and ours, whatever is in them. */
  readonly schemas: readonly string[]
  readonly extensions: ReadonlyMap<string, string>
  /** `has_database_privilege(…, 'CREATE')`: schemas can be made, ours included. */
  readonly canCreateSchemas: boolean
  /** `has_schema_privilege('public', 'USAGE, CREATE')` of both; true as well where there's no such schema. */
  readonly canCreateInPublic: boolean
  readonly eventTriggers: readonly string[]
  /** The ledger's head, where one of ours is there. */
  readonly ledger: ObservedLedger | null
}

export interface ObservedLedger {
  readonly sourceSystemIdentifier: string
  readonly sourceDatabaseOid: number
  readonly fingerprint: string
  readonly preDataDone: boolean
  readonly complete: boolean
  /** Whole tables and finished parts, by name. */
  readonly copied: readonly { readonly schema: string; readonly name: string; readonly part: number; readonly parts: number; readonly rows: bigint; readonly bytes: bigint }[]
}

/** Everything of one source database. Each list is read by one query, whatever the number of tables. */
export interface ObservedCatalog {
  readonly relations: readonly ObservedRelation[]
  readonly extensions: readonly { readonly name: string; readonly version: string; readonly schema: string }[]
  readonly eventTriggers: readonly string[]
  /** `unreadable`: those that the role may not SELECT, by owner and `lomacl`; 0 with `lo_compat_privileges`. */
  readonly largeObjects: { readonly count: bigint; readonly unreadable: bigint }
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
}

export interface ObservedForeignKey {
  readonly name: string
  readonly childOid: number
  readonly parentOid: number
  readonly childColumns: readonly string[]
  readonly parentColumns: readonly string[]
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
  /** `reltuples`, never negative; 0 if never analyzed. */
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
  readonly hasPrimaryKey: boolean
  /** d default, n nothing, f full, i index. */
  readonly replicaIdentity: 'd' | 'n' | 'f' | 'i'
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
  /** Binary only at the same version of that extension. */
  | { readonly kind: 'extension'; readonly extension: string }
  /** `reg*`, `aclitem`, `money`, no send/receive … */
  | { readonly kind: 'text' }
  /** The type's text doesn't read back (no input function for users: pseudo and internal types such as `pg_node_tree`). */
  | { readonly kind: 'none' }

export interface ObservedTools {
  readonly pgDump: { readonly path: string; readonly major: number; readonly version: string } | null
  readonly pgRestore: { readonly path: string; readonly major: number; readonly version: string } | null
  /** Where was looked, for the message. */
  readonly looked: readonly string[]
}

/** A few seconds of real COPY: what the time estimate is made from. */
export interface ObservedProbe {
  readonly table: { readonly database: string; readonly schema: string; readonly name: string } | null
  readonly bytes: bigint
  readonly seconds: number
  /** False where a temporary table on the target wasn't allowed: then it's the source's rate alone. */
  readonly target: boolean
  /** Seconds of one round trip to each server. */
  readonly sourceRoundTrip: number
  readonly targetRoundTrip: number
}
