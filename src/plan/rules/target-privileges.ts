import { type Problem, problem, type Warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import type { ObservedServer } from '../observed.ts'
import { listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'
import { relationsOf } from './scoped.ts'

/** What must be allowed before the first object can be created. */
export function targetPrivileges({ observed: { target }, databases }: RuleInput): (Problem | Warning)[] {
  return [...creation(target, databases), ...databases.flatMap((database) => filling(target, database))]
}

function creation(target: ObservedServer, databases: readonly ScopedDatabase[]): Problem[] {
  const created = databases
    .filter(({ action }) => action === 'create' || action === 'recreate')
    .map(({ pair }) => spelled(pair.source.name))
  if (created.length === 0 || target.superuser || target.createDatabase) return []
  return [
    problem('privilege-missing', `Role ${spelled(target.user)} may not create databases on the target: ${listed(created)}.`, {
      hint: 'Grant it, or create the databases there yourself: empty ones are filled.',
      sql: `ALTER ROLE ${identifier(target.user)} CREATEDB;`,
    }),
  ]
}

function filling({ user }: ObservedServer, database: ScopedDatabase): Problem[] {
  const { pair, action } = database
  if (!pair.target || (action !== 'fill' && action !== 'resume')) return []
  const name = pair.source.name
  const { content } = pair.target
  if (!content) {
    const sql = pair.target.database.allowConnections
      ? `GRANT CONNECT, CREATE ON DATABASE ${identifier(name)} TO ${identifier(user)};`
      : `ALTER DATABASE ${identifier(name)} ALLOW_CONNECTIONS true;`
    return [missing(`Role ${spelled(user)} may not connect to database ${spelled(name)} of the target.`, name, sql)]
  }
  const needsPublic = relationsOf(database, 'table', 'partitioned', 'view', 'materialized-view', 'sequence', 'foreign-table').some(
    ({ relation }) => relation.schema === 'public',
  )
  return [
    ...(content.canCreateSchemas
      ? []
      : [
          missing(
            `Role ${spelled(user)} may not create schemas in database ${spelled(name)} of the target.`,
            name,
            `GRANT CREATE ON DATABASE ${identifier(name)} TO ${identifier(user)};`,
          ),
        ]),
    ...(content.canCreateInPublic || !needsPublic
      ? []
      : [
          missing(
            `Role ${spelled(user)} may not create objects in schema public of database ${spelled(name)} of the target.`,
            name,
            `GRANT USAGE, CREATE ON SCHEMA public TO ${identifier(user)};`,
          ),
        ]),
  ]
}

function missing(message: string, database: string, sql: string): Problem {
  return problem('privilege-missing', message, { hint: "Grant it, best by making the role the database's owner.", sql, database })
}
