import { ReplicatorError, warning } from '../../errors.ts'
import type { Emit } from '../../events.ts'
import { type Archive, type ArchiveEntry, entriesToSql, type ScriptOptions } from '../../pg/archive.ts'
import { toReplicatorError } from '../../pg/database-error.ts'
import type { Session } from '../../pg/session.ts'
import { runWhileOurs } from '../run-while-ours.ts'

export interface SectionRestore {
  readonly archive: Archive
  readonly entries: readonly ArchiveEntry[]
  readonly target: Session
  readonly database: string
  readonly noTablespaces: boolean
  /** Roles that can't be made owners on the target: what is theirs is restored without owner. */
  readonly withheldOwners: readonly string[]
  /** Statements that belong to the same transaction: the ledger's mark. */
  readonly after: string
  readonly emit: Emit
  readonly signal: AbortSignal
}

/**
 * Restores entries in one transaction with the ledger's mark, so that they're either all there or not at all. When a statement
 * fails, the entries are halved under savepoints until the ones at fault are alone: those that rows and constraints can do
 * without are left out and reported, any other ends the transaction, with all of them listed.
 */
export async function restoreSection(request: SectionRestore): Promise<void> {
  const { target, database, after, emit } = request
  const failures: Failure[] = []
  await target.run('begin')
  try {
    for (const run of ownerRuns(request)) await restoreRun(request, run, failures)
    const fatal = failures.filter(({ entry }) => !dispensable.has(entry.kind))
    if (fatal.length > 0) throw fatalError(fatal, database)
    await runWhileOurs(target, `${after};\ncommit`)
  } catch (error) {
    await target.run('rollback').catch(() => undefined)
    throw error
  }
  for (const { entry, error } of failures) {
    const hint = error.finding.hint ?? 'Run the statement by hand, as a role that may, if the object is wanted.'
    emit({ type: 'warning', warning: warning('statement-skipped', `${entry.description}: ${error.message}`, { database, hint }) })
  }
}

interface Failure {
  readonly entry: ArchiveEntry
  readonly error: ReplicatorError
}

interface Run {
  readonly entries: readonly ArchiveEntry[]
  readonly options: ScriptOptions
}

/** Neither rows nor what guards them depend on these. `verify` still tells that they're missing. */
const dispensable = new Set([
  'ACL',
  'ACCESS METHOD',
  'AGGREGATE',
  'CAST',
  'COMMENT',
  'CONVERSION',
  'DEFAULT ACL',
  'EVENT TRIGGER',
  'EXTENSION',
  'FOREIGN DATA WRAPPER',
  'FOREIGN SERVER',
  'FOREIGN TABLE',
  'FUNCTION',
  'OPERATOR',
  'OPERATOR CLASS',
  'OPERATOR FAMILY',
  'PROCEDURAL LANGUAGE',
  'PROCEDURE',
  'SECURITY LABEL',
  'SERVER',
  'STATISTICS',
  'TEXT SEARCH CONFIGURATION',
  'TEXT SEARCH DICTIONARY',
  'TEXT SEARCH PARSER',
  'TEXT SEARCH TEMPLATE',
  'TRANSFORM',
  'USER MAPPING',
])

/** Neighbours with the same options share a script; pg_restore lists an entry's owner last. */
function ownerRuns({ entries, withheldOwners, noTablespaces }: SectionRestore): Run[] {
  const runs: { entries: ArchiveEntry[]; options: ScriptOptions }[] = []
  for (const entry of entries) {
    const noOwner = withheldOwners.some((owner) => entry.description.endsWith(` ${owner}`))
    const last = runs.at(-1)
    if (last !== undefined && last.options.noOwner === noOwner) last.entries.push(entry)
    else runs.push({ entries: [entry], options: { noOwner, noTablespaces } })
  }
  return runs
}

async function restoreRun(request: SectionRestore, run: Run, failures: Failure[]): Promise<void> {
  const { archive, target, signal } = request
  const sql = await entriesToSql(archive, run.entries, run.options, signal)
  // By itself: a message that can't be parsed is refused whole, with the savepoint in it.
  await target.run('savepoint entries')
  try {
    await target.run(`${sql};\nrelease savepoint entries`)
  } catch (cause) {
    const error = toReplicatorError(cause, { database: request.database })
    if (!target.alive) throw error
    await target.run('rollback to savepoint entries;\nrelease savepoint entries')
    const [only] = run.entries
    if (run.entries.length === 1 && only !== undefined) {
      failures.push({ entry: only, error })
      return
    }
    const middle = Math.ceil(run.entries.length / 2)
    await restoreRun(request, { ...run, entries: run.entries.slice(0, middle) }, failures)
    await restoreRun(request, { ...run, entries: run.entries.slice(middle) }, failures)
  }
}

function fatalError(fatal: readonly Failure[], database: string): ReplicatorError {
  const lines = fatal.slice(0, 20).map(({ entry, error }) => `${entry.description}: ${error.message}`)
  const more = fatal.length > 20 ? `\nand ${fatal.length - 20} more` : ''
  return new ReplicatorError('restore-failed', `the target refused ${fatal.length} of the source's objects:\n${lines.join('\n')}${more}`, {
    database,
    hint: 'Nothing of this section was kept. Mend the cause (a missing extension, privilege or role, or a feature of a newer major), then start again.',
    cause: fatal[0]?.error,
  })
}
