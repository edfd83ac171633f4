import { type Problem, type Warning, warning } from '../../errors.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** They hold locks that pg_dump waits for, and the creation of a slot waits for all that began before it. */
export function longTransactions({ observed: { source } }: RuleInput): (Problem | Warning)[] {
  const open = source.longTransactions.toSorted((a, b) => b.seconds - a.seconds)
  if (open.length === 0) return []
  const shown = open.map(
    ({ pid, user, database, seconds, state }) =>
      `${pid} (${spelled(user)} in ${spelled(database)}, ${Math.floor(seconds / 60)} min, ${state})`,
  )
  const idle = open.filter(({ state }) => state.startsWith('idle in transaction'))
  return [
    warning('long-transaction', `${counted(open.length, 'transaction')} of the source open for long: ${listed(shown)}.`, {
      hint: 'Wait for them or end them first: locks of theirs can hold up the dump, and a slot is only made once they are over.',
      ...(idle.length > 0 ? { sql: idle.map(({ pid }) => `SELECT pg_terminate_backend(${pid});`).join('\n') } : {}),
    }),
  ]
}
