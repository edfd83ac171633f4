/** What a run can end as, and the exit code of each. Permanent: workflows branch on both. */
export const exitCodes = {
  done: 0,
  failed: 1,
  rejected: 2,
  different: 3,
  'not-met': 4,
  'to-be-continued': 5,
  interrupted: 130,
} as const

export type Outcome = keyof typeof exitCodes

/** Every code that a problem, a warning or an error can bear. Names are permanent; each has its heading in docs/errors.md. */
export const codes = [
  // usage and configuration
  'usage',
  'config-invalid',
  'url-invalid',
  'command-unavailable',
  'option-unavailable',
  // connections
  'host-not-found',
  'connection-refused',
  'connection-timeout',
  'connection-lost',
  'authentication-failed',
  'database-not-found',
  'connections-exhausted',
  'tls-failed',
  'pooler',
  'ipv6-only',
  // tools
  'tools-missing',
  'tools-too-old',
  // scope
  'nothing-selected',
  'database-unknown',
  'table-unknown',
  'table-ambiguous',
  'filter-invalid',
  'dependency-excluded',
  'foreign-key-unsatisfied',
  'left-out',
  'hypertable-part',
  'partition-apart',
  // preflight
  'same-database',
  'version-unsupported',
  'target-older',
  'feature-unsupported',
  'target-not-empty',
  'target-read-only',
  'privilege-missing',
  'connections-short',
  'extension-missing',
  'extension-version',
  'preload-library-missing',
  'encoding-differs',
  'locale-missing',
  'collation-differs',
  'role-skipped',
  'role-attribute-skipped',
  'role-password-unreadable',
  'tablespace-missing',
  'not-replicated',
  'foreign-table',
  'event-trigger',
  'trigger',
  'generated-column',
  'type-text-only',
  'long-transaction',
  'prepared-transaction',
  'tls-unverified',
  'tls-missing',
  // replication: preflight
  'wal-level',
  'output-plugin',
  'slots-short',
  'workers-short',
  'replication-refused',
  'replica-identity',
  'insert-only',
  'row-filter-refused',
  'truncate-set',
  'hypertable-not-replicated',
  'replication-conflict',
  'wal-retention',
  'publisher-unreachable',
  'subscription-password',
  // replication: execution
  'slot-blocked',
  'slot-lost',
  'not-prepared',
  'apply-failed',
  'lag-not-met',
  'merge-postponed',
  'table-not-replicated',
  'columns-drifted',
  'wal-retained',
  'left-behind',
  // execution
  'lease-held',
  'scope-changed',
  'snapshot-lost',
  'table-rewritten',
  'copy-failed',
  'statement-failed',
  'restore-failed',
  'statement-skipped',
  'timescaledb-restoring',
  'index-failed',
  'constraint-failed',
  'role-failed',
  'database-failed',
  'large-object-failed',
  'refresh-failed',
  'sequence-failed',
  'several-snapshots',
  'tables-different',
  'schema-different',
  'schema-missing',
  'table-incomparable',
  'table-busy',
  'interrupted',
  'time-budget',
  'internal',
] as const

export type Code = (typeof codes)[number]

/** Something worth telling the user: what, where, what to do, and the SQL that mends it where there is one. */
export interface Finding {
  readonly code: Code
  readonly message: string
  readonly hint?: string
  /** Statements that mend it, to be run by someone who may; never contains a secret. */
  readonly sql?: string
  readonly database?: string
  /** Quoted, schema-qualified. */
  readonly relation?: string
  /** Where the mistake stands, for findings about the config file. */
  readonly position?: { readonly file: string; readonly line: number; readonly column: number }
}

/** A finding that forbids the run. */
export interface Problem extends Finding {
  readonly severity: 'problem'
}

/** A finding that the user should know of; the run goes on. */
export interface Warning extends Finding {
  readonly severity: 'warning'
}

export function problem(code: Code, message: string, more: Omit<Finding, 'code' | 'message'> = {}): Problem {
  return { severity: 'problem', code, message, ...more }
}

export function warning(code: Code, message: string, more: Omit<Finding, 'code' | 'message'> = {}): Warning {
  return { severity: 'warning', code, message, ...more }
}

/** PostgreSQL's own fields of an error, kept as they came. */
export interface ServerError {
  readonly sqlstate: string
  readonly detail?: string
  readonly hint?: string
  readonly where?: string
}

interface ErrorOptions {
  readonly hint?: string
  readonly sql?: string
  readonly database?: string
  readonly relation?: string
  readonly cause?: unknown
  readonly server?: ServerError
}

/** An error of this tool: a permanent code, what happened, and what to do. Anything else that is thrown is a bug. */
export class ReplicatorError extends Error {
  override readonly name = 'ReplicatorError'
  readonly finding: Problem
  readonly server: ServerError | undefined

  constructor(code: Code, message: string, { cause, server, ...more }: ErrorOptions = {}) {
    super(message, { cause })
    this.finding = problem(code, message, more)
    this.server = server
  }

  get code(): Code {
    return this.finding.code
  }
}

/** Preflight found problems: nothing was changed. */
export class Rejection extends Error {
  override readonly name = 'Rejection'
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]

  constructor(problems: readonly Problem[], warnings: readonly Warning[] = []) {
    super(problems.map((one) => `${one.code}: ${one.message}`).join('\n'))
    this.problems = problems
    this.warnings = warnings
  }
}
