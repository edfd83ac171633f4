import { z } from 'zod'
import { ReplicatorError, type Warning, warning } from '../../errors.ts'
import type { Session } from '../../pg/session.ts'
import { identifier, literal } from '../../sql/identifier.ts'
import { openTargetSession } from '../copy-worker.ts'
import type { DatabaseOutcome, DatabaseRun } from '../database-run.ts'
import { collectWarnings, isRefusal } from '../warnings.ts'

/**
 * A session to restore with. TimescaleDB is told first, and makes every later session of the database one that restores: only then it takes
 * chunks, triggers and the rows of its catalog as they come. Telling it again changes nothing.
 */
export async function openRestoringSession(run: DatabaseRun, outcome: DatabaseOutcome): Promise<Session> {
  const session = await openTargetSession(run.target, run.database, run.signal)
  try {
    if (run.plan.timescaledb !== null) await beginRestoring(session, run.database, run.plan.timescaledb)
    outcome.restoring = run.plan.timescaledb !== null
    return session
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
}

/** Also after a kill: it's part of the end of every run that comes to an end. */
export async function endRestoring({ plan, target, database, emit, signal }: DatabaseRun, outcome: DatabaseOutcome): Promise<void> {
  if (plan.timescaledb === null) return
  await using session = await openTargetSession(target, database, signal)
  const schema = await schemaThere(session)
  if (schema === null) return
  const sql = `select ${identifier(schema)}.timescaledb_post_restore()`
  await collectWarnings(emit).attempt(
    () => session.run(sql),
    (error) => leftRestoring(database, schema, `TimescaleDB refused to end its restoring mode: ${error.message}`),
  )
  outcome.restoring = false
}

/** What a run that ended early says. */
export function stillRestoring({ name, timescaledb }: DatabaseRun['plan']): Warning {
  return leftRestoring(name, timescaledb?.schema ?? 'public', `database ${identifier(name)} is left in TimescaleDB's restoring mode`)
}

function leftRestoring(database: string, schema: string, message: string): Warning {
  return warning('timescaledb-restoring', message, {
    database,
    hint: 'Start the command again, which ends it once everything is there; or end it by hand, as a role that may.',
    sql: `SELECT ${identifier(schema)}.timescaledb_post_restore();`,
  })
}

/** The source's version, not the newest: rows of another version's catalog don't fit. */
async function beginRestoring(session: Session, database: string, { schema, version }: { schema: string; version: string }): Promise<void> {
  try {
    const there = await schemaThere(session)
    if (there === null) {
      const create = `create extension timescaledb with schema ${identifier(schema)} version ${literal(version)}`
      await session.run(`create schema if not exists ${identifier(schema)};\n${create}`)
    }
    await session.run(`select ${identifier(there ?? schema)}.timescaledb_pre_restore()`)
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw new ReplicatorError('timescaledb-restoring', `TimescaleDB can't be prepared for the restore: ${error.message}`, {
      database,
      hint: `Let the target's role run it, or have a superuser run ${identifier(schema)}.timescaledb_pre_restore() in the database's stead.`,
      cause: error,
    })
  }
}

async function schemaThere(session: Session): Promise<string | null> {
  const [found] = await session.rows(
    z.object({ schema: z.string() }),
    "select n.nspname::text as schema from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'timescaledb'",
  )
  return found?.schema ?? null
}
