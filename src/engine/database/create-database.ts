import { z } from 'zod'
import { ReplicatorError, type Warning, warning } from '../../errors.ts'
import type { Emit } from '../../events.ts'
import type { Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'
import type { DatabasePlan } from '../../plan/plan.ts'
import { identifier } from '../../sql/identifier.ts'
import { collectWarnings, isRefusal, type Warnings } from '../warnings.ts'
import { alignGrants } from './database-grants.ts'
import { applyLabels, applyLate, applySettings, type DatabaseChange, giveToOwner } from './database-properties.ts'
import { createDatabaseStatement } from './database-statement.ts'
import { dropDatabase } from './drop-database.ts'

export interface CreateDatabase {
  readonly source: Session
  /** Connected to another database of the target. */
  readonly target: Session
  readonly plan: DatabasePlan
  readonly emit: Emit
  readonly signal: AbortSignal
}

/**
 * Makes the database (drops it first when the plan says `recreate`) with owner, comment, labels, grants and those settings that can't
 * hinder the copy. Repeated, it only adds what is missing.
 */
export async function createDatabase(request: CreateDatabase): Promise<{ readonly warnings: readonly Warning[] }> {
  const { target, plan, emit, signal } = request
  const warnings = collectWarnings(emit)
  if (plan.action === 'complete') return { warnings: warnings.list }
  if (plan.action === 'recreate') await dropDatabase(target, plan.name)
  if (plan.action === 'create' || plan.action === 'recreate') await create(request, warnings)
  const change: DatabaseChange = { ...request, warnings }
  for (const step of [applyLabels, applySettings, giveToOwner, alignGrants]) {
    signal.throwIfAborted()
    await step(change)
  }
  return { warnings: warnings.list }
}

/** What would be in the way of the copy comes last: read-only and role settings, connection limit, and that it's a template. */
export async function finishDatabase(request: CreateDatabase): Promise<{ readonly warnings: readonly Warning[] }> {
  const warnings = collectWarnings(request.emit)
  await applyLate({ ...request, warnings })
  return { warnings: warnings.list }
}

async function create({ target, plan }: CreateDatabase, warnings: Warnings): Promise<void> {
  const tablespace = await usableTablespace(target, plan, warnings)
  const statement = createDatabaseStatement(plan.source, { versionNumber: target.versionNumber, tablespace })
  try {
    await target.run(statement.sql)
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (beingCreated.includes(error.server?.sqlstate)) throw justCreated(plan.name, error)
    throw new ReplicatorError('database-failed', `database ${identifier(plan.name)} was not created: ${error.message}`, {
      database: plan.name,
      hint: error.finding.hint ?? '',
      sql: statement.sql,
      cause: error,
      ...(error.server === undefined ? {} : { server: error.server }),
    })
  }
  for (const one of statement.warnings) warnings.add(one)
}

/** Two at the same moment meet in the catalog's index. */
const beingCreated: readonly (string | undefined)[] = [sqlstate.duplicateDatabase, sqlstate.uniqueViolation]

/** It wasn't there when the plan was made. */
function justCreated(database: string, cause: ReplicatorError): ReplicatorError {
  return new ReplicatorError('lease-held', `another run has just created the database ${identifier(database)}`, {
    database,
    hint: 'Wait until it has ended, and start this one again: it goes on where that one was.',
    cause,
  })
}

/** Null: the target's default. */
async function usableTablespace(target: Session, { name, source }: DatabasePlan, warnings: Warnings): Promise<string | null> {
  if (source.tablespace === 'pg_default') return null
  const [found] = await target.rows(
    z.object({ usable: z.boolean() }),
    `select pg_catalog.has_tablespace_privilege(oid, 'create') as usable
       from pg_catalog.pg_tablespace
      where spcname = $1`,
    [source.tablespace],
  )
  if (found?.usable === true) return source.tablespace
  const reason = found === undefined ? 'is not there on the target' : 'may not be used by our role'
  warnings.add(
    warning(
      'tablespace-missing',
      `database ${identifier(name)} stands in the default tablespace: ${identifier(source.tablespace)} ${reason}`,
      {
        database: name,
        hint: 'It matters only to where the files are.',
      },
    ),
  )
  return null
}
