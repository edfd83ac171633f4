import type { ObservedCatalog } from './observed-catalog.ts'
import type { ObservedReplication } from './observed-replication.ts'

export type {
  ChunkShare,
  ColumnTransfer,
  ComesAlong,
  ObservedCatalog,
  ObservedColumn,
  ObservedFilter,
  ObservedForeignKey,
  ObservedHypertable,
  ObservedNewerObject,
  ObservedPartialKey,
  ObservedRelation,
  RelationKind,
} from './observed-catalog.ts'

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
  /** Null for what doesn't replicate beyond the copy. */
  readonly replication: ObservedReplication | null
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
  readonly longTransactions: readonly {
    readonly pid: number
    readonly user: string
    readonly database: string
    readonly application: string
    readonly seconds: number
    readonly state: string
  }[]
  readonly preparedTransactions: readonly {
    readonly gid: string
    readonly database: string
    readonly owner: string
    readonly seconds: number
  }[]
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
  readonly memberOf: readonly {
    readonly role: string
    readonly grantor: string
    readonly admin: boolean
    readonly inherit: boolean | null
    readonly set: boolean | null
  }[]
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
  /** The moment that the time filters' windows count from, so that a run that goes on uses the same cut-offs. Null: written before it was kept. */
  readonly asOf: string | null
  readonly preDataDone: boolean
  readonly complete: boolean
  /** What was to become of each table: tells what a changed scope changed. Null: written before it was kept. */
  readonly scope: readonly LedgerTable[] | null
  /** Snapshots with a slot each, by number; none: a copy without replication. */
  readonly lanes: readonly { readonly lane: number; readonly slot: string | null }[]
  /** Whole tables and finished parts, by name. */
  readonly copied: readonly {
    readonly schema: string
    readonly name: string
    readonly part: number
    readonly parts: number
    readonly lane: number
    readonly rows: bigint
    readonly bytes: bigint
  }[]
}

/** A table as the scope had it; `conditions` as they were given. */
export interface LedgerTable {
  readonly schema: string
  readonly name: string
  readonly rule: string
  readonly conditions: readonly string[]
}

export interface ObservedTools {
  readonly pgDump: { readonly path: string; readonly major: number; readonly version: string } | null
  readonly pgRestore: { readonly path: string; readonly major: number; readonly version: string } | null
  /** Where was looked, for the message. */
  readonly looked: readonly string[]
}

/** A few seconds of real COPY: what the time estimate is made from. */
export interface ObservedProbe {
  readonly table: { readonly database: string; readonly schema: string; readonly name: string } | null
  /** Of heap and TOAST: what the rows that were copied take of the table's size. */
  readonly bytes: bigint
  readonly seconds: number
  /** How many copies ran at once. */
  readonly streams: number
  /** False where a temporary table on the target wasn't allowed: then it's the source's rate alone. */
  readonly target: boolean
  /** Seconds of one round trip to each server. */
  readonly sourceRoundTrip: number
  readonly targetRoundTrip: number
}
