import type { Config } from '../config/config.ts'
import type { ObservedLedger, ObservedTarget } from './observed.ts'
import type { DatabaseAction } from './plan.ts'

interface SourceIdentity {
  readonly systemIdentifier: string
  readonly databaseOid: number
  readonly fingerprint: string
}

/** What becomes of the target's database; whether that may be, rules/target-empty.ts says. */
export function decideAction(
  target: ObservedTarget | null,
  identity: SourceIdentity,
  { dropExisting, resume }: Pick<Config, 'dropExisting' | 'resume'>,
): DatabaseAction {
  if (target === null) return 'create'
  const { content } = target
  if (content === null) return dropExisting ? 'recreate' : 'fill'
  const { ledger } = content
  if (ledger !== null && resume && isOurs(ledger, identity)) {
    // Interrupted with drop-existing, a copy goes on: it dropped what was there when it began.
    if (!ledger.complete) return 'resume'
    return dropExisting ? 'recreate' : 'complete'
  }
  // A finished copy may be in production by now: only drop-existing says that it may go.
  if (ledger !== null && !resume && !ledger.complete && isFrom(ledger, identity)) return 'recreate'
  return dropExisting && (ledger !== null || content.foreignObjectCount > 0) ? 'recreate' : 'fill'
}

function isOurs(ledger: ObservedLedger, identity: SourceIdentity): boolean {
  return isFrom(ledger, identity) && ledger.fingerprint === identity.fingerprint
}

function isFrom(ledger: ObservedLedger, { systemIdentifier, databaseOid }: SourceIdentity): boolean {
  return ledger.sourceSystemIdentifier === systemIdentifier && ledger.sourceDatabaseOid === databaseOid
}
