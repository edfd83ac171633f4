import { type Problem, type Warning, warning } from '../../errors.ts'
import { loosensTls } from '../../sql/subscription-conninfo.ts'
import type { RuleInput } from './rule.ts'

/** Files named in the URL stand here, and not on the target server. */
export function subscriptionTls({ observed: { target, replication }, config: { source } }: RuleInput): (Problem | Warning)[] {
  if (replication === null || !loosensTls(source, target.versionNumber)) return []
  return [
    warning('tls-unverified', 'The target will connect to the source encrypted, but without verifying who answers (sslmode=require).', {
      hint: "Certificates can't be sent along. With sslrootcert=system in the source's URL the target verifies, by its own authorities.",
    }),
  ]
}
