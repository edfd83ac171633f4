import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import type { Session } from '../../pg/session.ts'
import { identifier } from '../../sql/identifier.ts'
import { isRefusal } from '../warnings.ts'

/** Drops a database though others are connected to it. https://www.postgresql.org/docs/current/sql-dropdatabase.html */
export async function dropDatabase(target: Session, name: string): Promise<void> {
  const [found] = await target.rows(
    z.object({ template: z.boolean() }),
    'select datistemplate as template from pg_catalog.pg_database where datname = $1',
    [name],
  )
  if (found === undefined) return
  try {
    if (found.template) await target.run(`alter database ${identifier(name)} is_template false`)
    if (target.versionNumber >= 130000) await target.run(`drop database ${identifier(name)} with (force)`)
    else await dropClosed(target, name)
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw new ReplicatorError('database-failed', `database ${identifier(name)} was not dropped: ${error.message}`, {
      database: name,
      hint: error.finding.hint ?? 'Subscriptions, replication slots and prepared transactions in it must be gone first.',
      cause: error,
      ...(error.server === undefined ? {} : { server: error.server }),
    })
  }
}

/** As WITH (FORCE) does, which 12 doesn't know; DROP DATABASE itself waits some seconds for the sessions to end. */
async function dropClosed(target: Session, name: string): Promise<void> {
  await target.run(`alter database ${identifier(name)} allow_connections false`)
  try {
    await target.rows(z.unknown(), 'select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where datname = $1', [
      name,
    ])
    await target.run(`drop database ${identifier(name)}`)
  } catch (error) {
    if (target.alive) await target.run(`alter database ${identifier(name)} allow_connections true`)
    throw error
  }
}
