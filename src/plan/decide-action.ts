import type { Command, Config } from '../config/config.ts'
import type { ObservedLedger, ObservedTarget } from './observed.ts'
import type { DatabaseAction } from './plan.ts'
import { isDestructive, type ScopeChange } from './scope-change.ts'

export interface SourceIdentity {
  readonly systemIdentifier: string
  readonly databaseOid: number
  readonly fingerprint: string
  /** What a ledger of another fingerprint had otherwise; null: there's none, or it doesn't tell. */
  readonly change: ScopeChange | null
}

/** What becomes of the target's database; whether that may be, rules/target-empty.ts says. */
export function decideAction(
  target: ObservedTarget | null,
  identity: SourceIdentity,
  { dropExisting, resume, yes }: Pick<Config, 'dropExisting' | 'resume' | 'yes'>,
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
  if (ledger !== null && resume && isFrom(ledger, identity) && mayGoOn(ledger, identity, yes)) return 'resume'
  // A finished copy may be in production by now: only drop-existing says that it may go.
  if (ledger !== null && !resume && !ledger.complete && isFrom(ledger, identity)) return 'recreate'
  return dropExisting && (ledger !== null || content.foreignObjectCount > 0) ? 'recreate' : 'fill'
}

/** Under another scope: what is right stays, and what isn't goes only with a yes. */
function mayGoOn(ledger: ObservedLedger, { change }: SourceIdentity, yes: boolean): boolean {
  if (ledger.complete || change === null || change.stuck.length > 0) return false
  return yes || !isDestructive(change, ledger)
}

/**
 * The ledger whose progress and cut-off times hold. What follows a copy, or looks at it, goes by the moment at which it began, even if its scope has
 * changed: a table that is new on the source is enough for that.
 */
export function heldLedger(
  target: ObservedTarget | null,
  identity: SourceIdentity,
  config: Pick<Config, 'command' | 'dropExisting' | 'resume' | 'yes'>,
): ObservedLedger | null {
  const ledger = target?.content?.ledger ?? null
  if (ledger === null || !isFrom(ledger, identity)) return null
  if (!copying.includes(config.command)) return ledger
  const action = decideAction(target, identity, config)
  return action === 'resume' || action === 'complete' ? ledger : null
}

/** What copies, or says how it would. */
export const copying: readonly Command[] = ['validate', 'plan', 'init', 'replicate']

function isOurs(ledger: ObservedLedger, identity: SourceIdentity): boolean {
  return isFrom(ledger, identity) && ledger.fingerprint === identity.fingerprint
}

function isFrom(ledger: ObservedLedger, { systemIdentifier, databaseOid }: SourceIdentity): boolean {
  return ledger.sourceSystemIdentifier === systemIdentifier && ledger.sourceDatabaseOid === databaseOid
}
