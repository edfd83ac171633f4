import { type Problem, problem, type Warning } from '../../errors.ts'
import type { ObservedRefusal } from '../observed-replication.ts'
import { isLocalHost } from './host.ts'
import type { RuleInput } from './rule.ts'

/** "Password is required": nothing else of CREATE SUBSCRIPTION's is a prohibited statement. */
const passwordRequired = '2F003'
const insufficientPrivilege = '42501'

/** The target server itself dials the source: from there it counts. */
export function publisherReachable(input: RuleInput): (Problem | Warning)[] {
  const { source, replication } = input.observed
  // Said of the source already: the target would be told the same.
  const refused = source.pooler || source.inRecovery || (replication?.source.refusal ?? null) !== null
  if (refused && input.config.sourceFromTarget === undefined) return []
  return [...(replication?.databases ?? [])].flatMap(([database, { probe }]) => (probe ? findingOf(input, database, probe) : []))
}

function findingOf(input: RuleInput, database: string, { sqlstate, message }: ObservedRefusal): Problem[] {
  const { observed, config } = input
  if (sqlstate === insufficientPrivilege) {
    // rules/subscription-privileges.ts says so, unless it took the role for one that may.
    if (observed.replication?.target.mayCreateSubscriptions !== true) return []
    return [
      problem('privilege-missing', `The target refuses to create a subscription: ${message}`, {
        hint: 'Grant the role what the message names.',
        database,
      }),
    ]
  }
  if (sqlstate === passwordRequired) {
    // rules/subscription-password.ts says so where there's none.
    if (config.subscriptionCredentials !== 'inline' || config.source.password === undefined) return []
    return [
      problem('subscription-password', `The target can't use a subscription without superuser: ${message}`, {
        hint: "The source's pg_hba.conf must ask the target for a password (scram-sha-256), not trust it; or use a superuser on the target.",
        database,
      }),
    ]
  }
  return [problem('publisher-unreachable', `The target can't reach the source: ${message}`, { hint: hintOf(input), database })]
}

function hintOf({ config: { source, sourceFromTarget } }: RuleInput): string {
  if (sourceFromTarget !== undefined)
    return "Check source-from-target as seen from the target server; the source's firewall and pg_hba.conf must let that server in."
  const local = source.hosts.some(({ host }) => isLocalHost(host))
  return local
    ? "The source's URL names this machine, which is another one for the target server: give the address that it must dial as source-from-target."
    : "The source's firewall and pg_hba.conf must let the target server in, with the URL's user and password. Where it must dial another address, give source-from-target."
}
