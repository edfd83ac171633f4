import type { Secret } from './secret.ts'

export const commands = ['validate', 'plan', 'init', 'sync', 'status', 'verify', 'cutover', 'cleanup', 'replicate', 'demo'] as const
export type Command = (typeof commands)[number]

/** One server to dial. A `host` that starts with `/` is the folder of a Unix socket. */
export interface HostAddress {
  readonly host: string
  readonly port: number
}

/** A parsed connection URL. Never printed whole; the password is a Secret. */
export interface ConnectionSettings {
  /** Tried in order, as libpq does. */
  readonly hosts: readonly [HostAddress, ...HostAddress[]]
  readonly user: string
  readonly password: Secret | undefined
  /** The database of the URL: the one to connect to first, not the one to replicate. */
  readonly database: string
  /** All other libpq parameters by libpq's names (`sslmode`, `sslrootcert`, `connect_timeout`, `options`, …). */
  readonly parameters: ReadonlyMap<string, string>
}

/** A table as the user wrote it: up to three parts, each a name or a pattern. */
export interface TableReference {
  /** As written, for messages. */
  readonly text: string
  /** One to three parts, outermost first; quotes already taken off. */
  readonly parts: readonly NamePart[]
  /** Set for rules that stand in the file's section of one database. */
  readonly database?: string
  /** Where it stands in the config file. */
  readonly position?: { readonly file: string; readonly line: number; readonly column: number }
}

/** A database as it was named: one name or pattern. */
export interface NamedDatabase extends NamePart {
  /** Where it stands in the config file. */
  readonly position?: TableReference['position']
}

/** A quoted part is literal; an unquoted one may hold `*` and `?`. */
export interface NamePart {
  readonly text: string
  readonly quoted: boolean
}

export interface TableFilter {
  readonly table: TableReference
  readonly predicate: string
}

export interface TimeFilter {
  readonly table: TableReference
  readonly column: string
  readonly window: TimeWindow
}

export interface TimeWindow {
  readonly count: number
  readonly unit: 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'
}

/**
 * Rules of the entry come first, then the config file's, which bear a position: where both speak of the same table, the
 * entry's rule replaces the file's.
 */
export interface ScopeRules {
  readonly includeDatabases: readonly NamedDatabase[]
  readonly excludeDatabases: readonly NamedDatabase[]
  readonly includeTables: readonly TableReference[]
  readonly excludeTables: readonly TableReference[]
  readonly schemaOnlyTables: readonly TableReference[]
  readonly tableFilters: readonly TableFilter[]
  readonly timeFilters: readonly TimeFilter[]
  /** The rows that selected rows refer to are selected, too. */
  readonly followForeignKeys: boolean
}

/** All that a command needs to know, parsed and defaulted. */
export interface Config {
  readonly command: Command
  readonly source: ConnectionSettings
  readonly target: ConnectionSettings
  readonly scope: ScopeRules
  readonly dropExisting: boolean
  readonly resume: boolean
  /** Agrees to what a changed scope makes necessary on the target of an unfinished copy; and asks for no questions. */
  readonly yes: boolean
  readonly snapshotOnly: boolean
  /** As asked for; undefined: decided from processors and both servers' limits, at most 8. */
  readonly jobs: number | undefined
  /** Seconds. */
  readonly timeBudget: number | undefined
  /** `maxLagBytes`, `maxLagSeconds`, `wait` (seconds): the gate; undefined: not asked for. */
  readonly maxLagBytes: bigint | undefined
  readonly maxLagSeconds: number | undefined
  readonly wait: number | undefined
  readonly replicaIdentity: ReplicaIdentityChoice
  readonly addTables: boolean
  /** The source as the target server must dial it. */
  readonly sourceFromTarget: HostAddress | undefined
  readonly subscriptionCredentials: SubscriptionCredentials
  readonly heartbeat: boolean
  /** Seconds; 0: never. */
  readonly maxHold: number
  readonly dryRun: boolean
  readonly watch: boolean
  readonly clientTools: ClientTools
  /** This is a runner: `client-tools: auto` may install packages. */
  readonly mayInstall: boolean
  /** Path of the JSON report to write. */
  readonly report: string | undefined
}

/** What becomes of tables whose updates logical replication can't identify. */
export type ReplicaIdentityChoice = 'refuse' | 'full' | 'insert-only' | 'skip'

/** What the subscription's connection string holds of the password. */
export type SubscriptionCredentials = 'inline' | 'passfile' | 'none'

export type ClientTools = { readonly kind: 'auto' } | { readonly kind: 'system' } | { readonly kind: 'folder'; readonly path: string }

/** Whether the copy is to be followed by replication, or is already. */
export function isContinuous({ command, snapshotOnly }: Pick<Config, 'command' | 'snapshotOnly'>): boolean {
  return (
    command === 'sync' || (!snapshotOnly && (command === 'validate' || command === 'plan' || command === 'init' || command === 'replicate'))
  )
}
