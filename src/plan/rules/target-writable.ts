import { type Problem, problem, type Warning } from '../../errors.ts'
import type { RuleInput } from './rule.ts'

export function targetWritable({ observed: { target } }: RuleInput): (Problem | Warning)[] {
  if (target.inRecovery) {
    return [problem('target-read-only', 'The target is a standby: it accepts no writes.', { hint: "Use the URL of the target's primary." })]
  }
  if (target.settings.get('default_transaction_read_only') !== 'on') return []
  return [
    problem('target-read-only', 'Transactions on the target are read-only (default_transaction_read_only = on).', {
      hint: 'A provider sets this when the disk is full: see its console. Otherwise switch it off for the server, the database or the role, wherever it is set.',
      sql: 'ALTER SYSTEM RESET default_transaction_read_only;\nSELECT pg_reload_conf();',
    }),
  ]
}
