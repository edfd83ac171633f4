import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import type { Session } from '../../pg/session.ts'
import { identifier } from '../../sql/identifier.ts'
import type { DatabaseRun } from '../database-run.ts'

/**
 * From 16 on a subscription's worker acts as the owner of each table, which its own role must be able to become; before, it's a superuser's. To be
 * made, it takes the right to create in the database, which the database's owner has.
 * What is granted for that stands in the ledger, and is taken back by `cleanup`.
 * https://www.postgresql.org/docs/current/logical-replication-security.html
 */
export async function lendToSubscription({ subscribing, database }: DatabaseRun, target: Session): Promise<void> {
  if (subscribing.superuser || target.versionNumber < 160_000) return
  const owners = await target.rows(
    z.object({ name: z.string(), able: z.boolean() }),
    `select r.rolname::text as name,
            pg_catalog.pg_has_role(r.oid, 'set') as able
       from pg_catalog.pg_roles r
      where r.oid in (
              select c.relowner
                from pg_catalog.pg_class c
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
               where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
              union
             select d.datdba from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
      order by r.rolname`,
  )
  for (const { name, able } of owners) {
    const kept = subscribing.lent.keep(name)
    if (able && !kept) continue
    const grant = able ? '' : `grant ${identifier(name)} to current_user with inherit true, set true;\n`
    try {
      await target.run(`begin;\n${grant}`)
      await target.rows(z.unknown(), 'insert into seren_replicator.lent_role values ($1) on conflict do nothing', [name])
      await target.run('commit')
    } catch (error) {
      if (target.alive) await target.run('rollback')
      throw cannotBecome(error, name, database, target)
    }
  }
}

function cannotBecome(error: unknown, owner: string, database: string, target: Session): unknown {
  if (!(error instanceof ReplicatorError) || error.server === undefined) return error
  const us = identifier(target.settings.user)
  return new ReplicatorError(
    'privilege-missing',
    `the subscription's worker can't act for ${identifier(owner)}, who owns tables: ${error.message}`,
    {
      database,
      cause: error,
      server: error.server,
      hint: 'Have the membership granted by a role that may, then start the command again.',
      sql: `GRANT ${identifier(owner)} TO ${us} WITH SET TRUE, INHERIT TRUE;`,
    },
  )
}
