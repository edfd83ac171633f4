import { type Problem, problem, type Warning } from '../../errors.ts'
import type { ObservedServer } from '../observed.ts'
import type { RuleInput } from './rule.ts'

/** https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-WAL-LEVEL */
export function walLevel({ observed: { source } }: RuleInput): (Problem | Warning)[] {
  const level = source.settings.get('wal_level')
  if (level === undefined || level === 'logical') return []
  const parameter = providerParameter(source)
  return [
    problem('wal-level', `The source writes its log for wal_level ${level}; replication needs logical.`, {
      hint: `${parameter ?? 'Set it and restart the source'}. A copy without replication needs none of it: snapshot-only.`,
      ...(parameter === null ? { sql: "ALTER SYSTEM SET wal_level = 'logical';" } : {}),
    }),
  ]
}

/** Managed servers have a switch of their own, told by the names of their settings. */
const providers: readonly (readonly [prefix: string, hint: string])[] = [
  ['rds.', 'Set rds.logical_replication to 1 in the parameter group and restart the source'],
  ['cloudsql.', 'Set the flag cloudsql.logical_decoding to on, which restarts the source'],
  ['alloydb.', 'Set the flag alloydb.logical_decoding to on, which restarts the source'],
  ['azure.', 'Set the server parameter wal_level (azure.replication_support on single servers) to logical and restart the source'],
  ['neon.', "Turn logical replication on in the project's settings at the provider, which restarts the source"],
]

function providerParameter({ settings }: ObservedServer): string | null {
  const names = [...settings.keys()]
  return providers.find(([prefix]) => names.some((name) => name.startsWith(prefix)))?.[1] ?? null
}
