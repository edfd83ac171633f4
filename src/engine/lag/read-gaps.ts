import type { ScopeRules } from '../../config/config.ts'
import { readSourceTables } from '../../pg/catalog/replication/source-tables.ts'
import { readTableColumns } from '../../pg/catalog/replication/table-columns.ts'
import type { Session } from '../../pg/session.ts'
import { findGaps } from '../../plan/replication-gaps.ts'
import type { ReplicationGaps } from '../../plan/replication-reading.ts'
import type { ReplicationState } from '../../plan/replication-state.ts'

export interface GapsSessions {
  readonly source: Session
  readonly target: Session
  readonly rules: ScopeRules
  readonly database: string
  readonly others: readonly string[]
}

/** Which tables of the scope aren't replicated, and which have other columns on the target by now. */
export async function readGaps({ source, target, ...scope }: GapsSessions, { tables }: ReplicationState): Promise<ReplicationGaps> {
  const [all, onSource, onTarget] = await Promise.all([
    readSourceTables(source),
    readTableColumns(source, tables),
    readTableColumns(target, tables),
  ])
  return findGaps({ ...scope, tables: all, replicated: tables, columns: { source: onSource, target: onTarget } })
}
