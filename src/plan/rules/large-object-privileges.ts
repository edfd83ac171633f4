import { type Problem, problem, type Warning } from '../../errors.ts'
import { literal } from '../../sql/identifier.ts'
import { counted, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

export function largeObjectPrivileges({ observed: { source }, databases }: RuleInput): (Problem | Warning)[] {
  return databases.flatMap(({ pair }) => {
    const unreadable = pair.catalog?.largeObjects.unreadable ?? 0n
    if (unreadable === 0n) return []
    return problem(
      'privilege-missing',
      `Role ${spelled(source.user)} may not read ${counted(unreadable, 'large object')} of database ${spelled(pair.source.name)}.`,
      {
        hint: 'Run the statement in psql as a superuser: it grants SELECT on each large object.',
        sql: `SELECT format('GRANT SELECT ON LARGE OBJECT %s TO %I', oid, ${literal(source.user).trim()}) FROM pg_largeobject_metadata \\gexec`,
        database: pair.source.name,
      },
    )
  })
}
