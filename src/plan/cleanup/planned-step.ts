import type { Warning } from '../../errors.ts'
import type { CleanupStep } from '../results.ts'

/**
 * What holds a slot goes before the slot, what names a slot after it. Memberships are the whole server's: they go when no database has a subscription any
 * more. The ledgers, which know of all, go last.
 */
export const rounds = { subscription: 0, source: 0, membership: 1, ledger: 2 } as const

export interface PlannedStep extends Omit<CleanupStep, 'done'> {
  readonly stage: keyof typeof rounds
  /** It drops this slot, which may take a while and more than its SQL. */
  readonly slot?: string
  /** It locks a table of the application's: to be tried for moments only. */
  readonly brief?: boolean
}

export interface CleanupPart {
  readonly steps: readonly PlannedStep[]
  readonly warnings: readonly Warning[]
}
