import { type Problem, problem, type Warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import { counted, listed, spelled } from './listing.ts'
import { publishable } from './published.ts'
import type { RuleInput } from './rule.ts'
import { place, relationNames } from './scoped.ts'

/** https://www.postgresql.org/docs/current/logical-replication-security.html */
export function publicationPrivileges(input: RuleInput): (Problem | Warning)[] {
  const { observed, config, databases } = input
  // What is published already stays so.
  if (observed.replication === null || (config.command === 'sync' && !config.addTables)) return []
  const { user } = observed.source
  return databases.flatMap((database) => {
    const { name } = database.pair.source
    const created = observed.replication?.databases.get(name)?.canCreate ?? true
    const foreign = publishable(input, database).filter(({ relation }) => !relation.canPublish)
    const owners = [...new Set(foreign.map(({ relation }) => relation.owner))].sort()
    return [
      ...(created
        ? []
        : [
            problem('privilege-missing', `Role ${spelled(user)} may not create publications in database ${spelled(name)} of the source.`, {
              hint: 'Grant it. The schema of a small table that measures the lag needs it as well.',
              sql: `GRANT CREATE ON DATABASE ${identifier(name)} TO ${identifier(user)};`,
              database: name,
            }),
          ]),
      ...(foreign.length === 0
        ? []
        : [
            problem(
              'privilege-missing',
              `Role ${spelled(user)} may not publish ${counted(foreign.length, 'table')} that others own: ${listed(relationNames(input, foreign))}.`,
              {
                hint: `A table is published by its owner, or by a member of that role. Grant ${counted(owners.length, 'membership')}, or leave the tables out.`,
                sql: `GRANT ${owners.map(identifier).join(', ')} TO ${identifier(user)};`,
                ...place(foreign),
              },
            ),
          ]),
    ]
  })
}
