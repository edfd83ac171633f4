import { type Problem, problem, type Warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import type { ObservedServer } from '../observed.ts'
import type { ObservedRefusal, ObservedReplication } from '../observed-replication.ts'
import { spelled } from './listing.ts'
import { directHint } from './pooler.ts'
import type { RuleInput } from './rule.ts'

/** What no PostgreSQL answers to a replication connection: a protocol violation, or to its commands: a syntax error. */
const poolerStates: readonly (string | null)[] = ['08P01', '42601']

const insufficientPrivilege = '42501'
const invalidAuthorization = '28000'
const tooManyConnections = '53300'

export function replicationConnection({ observed: { source, replication } }: RuleInput): (Problem | Warning)[] {
  if (replication === null) return []
  if (source.inRecovery) {
    return [
      problem('replication-refused', 'The source is a standby: publications can only be made on its primary.', {
        hint: 'Use the URL of the primary; a copy without replication (snapshot-only) can be read from a standby.',
      }),
    ]
  }
  const { refusal } = replication.source
  // Said already, by what it does to sessions.
  if (refusal === null || source.pooler) return []
  if (poolerStates.includes(refusal.sqlstate)) {
    return [
      problem(
        'pooler',
        `The source ${source.host}:${source.port} is a connection pooler: it knows no replication connections (${refusal.message}).`,
        {
          hint: directHint(source),
        },
      ),
    ]
  }
  return [refused(source, replication.source, refusal)]
}

function refused(source: ObservedServer, { mayReplicate }: ObservedReplication['source'], { sqlstate, message }: ObservedRefusal): Problem {
  const role = identifier(source.user)
  const says = (text: string) => `The source refuses a replication connection to role ${spelled(source.user)}: ${text}`
  if (sqlstate === insufficientPrivilege || (sqlstate === null && !mayReplicate)) {
    const onRds = source.roles.some(({ name }) => name === 'rds_replication')
    return problem('replication-refused', says(message), {
      hint: `It needs ${onRds ? 'membership in rds_replication' : 'the attribute REPLICATION'}; a copy without replication (snapshot-only) doesn't.`,
      sql: onRds ? `GRANT rds_replication TO ${role};` : `ALTER ROLE ${role} REPLICATION;`,
    })
  }
  return problem('replication-refused', says(message), { hint: hintOf(sqlstate) })
}

function hintOf(sqlstate: string | null): string {
  if (sqlstate === invalidAuthorization)
    return "The source's pg_hba.conf must let the role in to the database itself, from here and from the target."
  if (sqlstate === tooManyConnections) return 'Raise max_wal_senders and restart the source, or end what holds the senders.'
  return 'Is it a direct connection to PostgreSQL? Proxies and poolers know no replication connections.'
}
