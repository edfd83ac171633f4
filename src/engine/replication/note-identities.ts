import { z } from 'zod'
import type { TablePlan } from '../../plan/plan.ts'
import { noteIdentitiesSql } from '../../sql/ledger-notes.ts'
import type { LaneServers } from './lane-servers.ts'

/** What `cleanup` sets back: noted before the source is changed, so that whatever kills this run nothing is forgotten. */
export async function noteIdentities({ source, target }: LaneServers, tables: readonly TablePlan[]): Promise<void> {
  const changed = tables.filter((table) => table.setIdentityFull)
  if (changed.length === 0) return
  const before = await source.rows(
    z.object({ schema: z.string(), name: z.string(), was: z.string() }),
    `select n.nspname::text as schema,
            c.relname::text as name,
            c.relreplident::text as was
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.oid = any ($1::pg_catalog.oid[]) and c.relreplident <> 'f'`,
    [changed.map(({ oid }) => oid)],
  )
  if (before.length > 0) await target.run(noteIdentitiesSql(before))
}
