import { type Problem, type Warning, warning } from '../../errors.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** What is prepared isn't committed, so no snapshot shows it. https://www.postgresql.org/docs/current/sql-prepare-transaction.html */
export function preparedTransactions({ observed: { source } }: RuleInput): (Problem | Warning)[] {
  const open = source.preparedTransactions
  if (open.length === 0) return []
  const shown = open.map(
    ({ gid, database, owner, seconds }) => `${gid} (${spelled(owner)} in ${spelled(database)}, ${Math.floor(seconds / 60)} min)`,
  )
  return [
    warning('prepared-transaction', `${counted(open.length, 'prepared transaction')} of the source: ${listed(shown)}.`, {
      hint: 'Their rows are not in the snapshot, and a slot is only made once they are over. End them with COMMIT PREPARED or ROLLBACK PREPARED, in their database.',
    }),
  ]
}
