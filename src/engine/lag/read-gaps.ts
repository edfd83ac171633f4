import type { ScopeRules } from '../../config/config.ts'
import { readKeylessTables } from '../../pg/catalog/replication/keyless-tables.ts'
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
  const updated = tables.filter(({ published }) => published === 'changes')
  const [all, keyless, onSource, onTarget] = await Promise.all([
    readSourceTables(source),
    readKeylessTables(source, updated),
    readTableColumns(source, tables),
    readTableColumns(target, tables),
  ])
  return findGaps({ ...scope, tables: all, replicated: tables, keyless, columns: { source: onSource, target: onTarget } })
}
