import type { Warning } from '../errors.ts'
import type { Emit } from '../events.ts'
import type { Session } from '../pg/session.ts'

interface AnalyzeTables {
  readonly sessions: readonly [Session, ...Session[]]
  readonly database: string
  /** Tables, partitioned tables and materialized views, in any order. */
  readonly tables: readonly { readonly schema: string; readonly name: string; readonly bytes: bigint }[]
  readonly emit: Emit
  readonly signal: AbortSignal
}

/** Gathers statistics of what was loaded, the biggest first. */
export async function analyzeTables(_: AnalyzeTables): Promise<{ readonly warnings: readonly Warning[] }> {
  throw new Error('not built yet')
}
