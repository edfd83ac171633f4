import { type Problem, problem, type Warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** DROP DATABASE wants its owner, and nobody in it: https://www.postgresql.org/docs/current/sql-dropdatabase.html */
export function droppable(input: RuleInput): (Problem | Warning)[] {
  const dropped = input.databases.filter(({ action }) => action === 'recreate')
  return dropped.flatMap((database) => [...notOwned(input, database), ...prepared(input, database)])
}

function notOwned({ observed: { target } }: RuleInput, { pair }: ScopedDatabase): Problem[] {
  const owner = pair.target?.database.owner
  if (owner === undefined || target.superuser || owner === target.user) return []
  if (target.roles.some(({ name, usable }) => name === owner && usable)) return []
  return [
    problem(
      'privilege-missing',
      `Role ${spelled(target.user)} may not drop database ${spelled(pair.source.name)} of the target: it belongs to ${spelled(owner)}.`,
      {
        hint: 'Connect as its owner, or let the role be a member.',
        sql: `GRANT ${identifier(owner)} TO ${identifier(target.user)};`,
        database: pair.source.name,
      },
    ),
  ]
}

function prepared({ observed: { target } }: RuleInput, { pair }: ScopedDatabase): Problem[] {
  const open = target.preparedTransactions.filter(({ database }) => database === pair.source.name)
  if (open.length === 0) return []
  return [
    problem(
      'prepared-transaction',
      `Database ${spelled(pair.source.name)} of the target can't be dropped: it has ${counted(open.length, 'prepared transaction')} (${listed(open.map(({ gid }) => gid))}).`,
      { hint: 'End them with COMMIT PREPARED or ROLLBACK PREPARED.', database: pair.source.name },
    ),
  ]
}
