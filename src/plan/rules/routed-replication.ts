import { type Problem, problem, type Warning } from '../../errors.ts'
import { majorOf } from '../server-version.ts'
import { counted, listed } from './listing.ts'
import { publishable } from './published.ts'
import type { RuleInput } from './rule.ts'
import { place, relationNames } from './scoped.ts'

/** A tree whose rows find other partitions there is published as its top, which both sides know from 13 on. */
export function routedReplication(input: RuleInput): (Problem | Warning)[] {
  const { source, target, replication } = input.observed
  if (replication === null || (majorOf(source) >= 13 && majorOf(target) >= 13)) return []
  const tops = input.databases.flatMap((database) => publishable(input, database)).filter(({ relation }) => relation.kind === 'partitioned')
  if (tops.length === 0) return []
  return [
    problem(
      'feature-unsupported',
      `${counted(tops.length, 'table')} partitioned by a hash that differs on the target can't be replicated before PostgreSQL 13: ${listed(relationNames(input, tops))}.`,
      {
        hint: `The source is ${majorOf(source)}, the target ${majorOf(target)}. Name them in schema-only-tables or exclude-tables, or copy without replication: snapshot-only.`,
        ...place(tops),
      },
    ),
  ]
}
