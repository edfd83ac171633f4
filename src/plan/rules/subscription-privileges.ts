import { type Problem, problem, type Warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import { majorOf } from '../server-version.ts'
import { spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** https://www.postgresql.org/docs/current/logical-replication-security.html */
export function subscriptionPrivileges(input: RuleInput): (Problem | Warning)[] {
  const { observed, config, databases } = input
  const { target, replication } = observed
  if (replication === null || target.superuser) return []
  if (!replication.target.mayCreateSubscriptions) return [mayNot(input)]
  // Before a copy, it's asked for schemas as well.
  const closed = ({ pair, action }: ScopedDatabase) =>
    (config.command === 'sync' || action === 'complete') && pair.target?.content?.canCreateSchemas === false
  return databases.filter(closed).map(({ pair: { source } }) =>
    problem(
      'privilege-missing',
      `Role ${spelled(target.user)} may not create subscriptions in database ${spelled(source.name)} of the target.`,
      {
        hint: 'Grant it: CREATE on the database is needed besides pg_create_subscription.',
        sql: `GRANT CREATE ON DATABASE ${identifier(source.name)} TO ${identifier(target.user)};`,
        database: source.name,
      },
    ),
  )
}

function mayNot({ observed: { target } }: RuleInput): Problem {
  const message = `Role ${spelled(target.user)} may not create subscriptions on the target.`
  return majorOf(target) < 16
    ? problem('privilege-missing', `${message} Before PostgreSQL 16 that takes a superuser.`, {
        hint: 'Use a superuser, a target of 16 or later, or copy without replication: snapshot-only.',
      })
    : problem('privilege-missing', message, {
        hint: 'Grant it the role that may; a copy without replication (snapshot-only) needs none.',
        sql: `GRANT pg_create_subscription TO ${identifier(target.user)};`,
      })
}
