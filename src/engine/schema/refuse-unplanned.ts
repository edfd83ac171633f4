import { ReplicatorError } from '../../errors.ts'
import type { ArchiveEntry } from '../../pg/archive.ts'
import type { DatabaseRun } from '../database-run.ts'

/** A table that was made since the plan would arrive without its rows, and nobody be told. */
export function refuseUnplanned({ plan, database }: DatabaseRun, entries: readonly ArchiveEntry[]): void {
  const planned = new Set(plan.tables.map(({ oid }) => oid))
  const unplanned = entries.filter(({ kind, oid }) => kind === 'TABLE' && !planned.has(oid))
  if (unplanned.length === 0) return
  const shown = unplanned.slice(0, 10).map(({ description }) => description)
  throw new ReplicatorError('scope-changed', `made while this run began: ${shown.join(', ')}${unplanned.length > 10 ? ' and more' : ''}`, {
    database,
    hint: 'Start the command again: none of its rows was copied yet.',
  })
}
