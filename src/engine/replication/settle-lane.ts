import { readPublications } from '../../pg/catalog/replication/publications.ts'
import type { Session } from '../../pg/session.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { ownSchema } from '../../sql/own-schema.ts'
import { dropTablesSql } from '../../sql/publication.ts'
import { publicationName } from '../../sql/replication-names.ts'
import type { DatabaseOutcome, DatabaseRun } from '../database-run.ts'
import { finishIndexes } from './finish-indexes.ts'
import type { LaneServers } from './lane-servers.ts'
import { isSubscribed, subscribe } from './subscribe.ts'

/** An unfinished lane goes on with the tables that it finished: their indexes, then the publication without the others, then the subscription. */
export async function settleLane(
  run: DatabaseRun,
  { source, target }: LaneServers,
  { lane, slot, tables }: { readonly lane: number; readonly slot: string; readonly tables: readonly TablePlan[] },
  outcome: DatabaseOutcome,
): Promise<void> {
  if (await isSubscribed(target, lane)) return
  await finishIndexes(run, tables, outcome)
  if (outcome.failures.length > 0) return
  await trim(source, lane, tables)
  await subscribe(run, { source, target }, { lane, slot })
}

/** Apply ignores what the subscription doesn't list: so nothing of the others may be listed when it's made. */
async function trim(source: Session, lane: number, tables: readonly TablePlan[]): Promise<void> {
  const key = (one: { readonly schema: string; readonly name: string }) => JSON.stringify([one.schema, one.name])
  const finished = new Set(tables.map(key))
  const ours = [publicationName('changes', lane), publicationName('inserts', lane)]
  for (const publication of (await readPublications(source)).filter(({ name }) => ours.includes(name))) {
    const surplus = publication.tables.filter((one) => one.schema !== ownSchema && !finished.has(key(one)))
    const sql = dropTablesSql(publication.name, surplus)
    if (sql !== null) await source.run(sql)
  }
}
