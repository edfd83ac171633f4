import { type Problem, problem, type Warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { copiedTables, place, relationNames } from './scoped.ts'

/** Policies would hide rows from the copy without a word: https://www.postgresql.org/docs/current/ddl-rowsecurity.html */
export function rowSecurity(input: RuleInput): (Problem | Warning)[] {
  const { source } = input.observed
  const hidden = copiedTables(input).filter(({ relation }) => relation.rowSecurityActive)
  if (hidden.length === 0) return []
  return [
    problem(
      'privilege-missing',
      `Row security hides rows of ${counted(hidden.length, 'table')} from role ${spelled(source.user)}: ${listed(relationNames(input, hidden))}.`,
      {
        hint: 'Let the role bypass row security, connect as the owner of the tables (unless row security is forced), or make them schema-only-tables.',
        sql: `ALTER ROLE ${identifier(source.user)} BYPASSRLS;`,
        ...place(hidden),
      },
    ),
  ]
}
