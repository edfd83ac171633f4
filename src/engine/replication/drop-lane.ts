import { z } from 'zod'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import { ownSchemaCondition } from '../../pg/catalog/user-schemas.ts'
import type { Session } from '../../pg/session.ts'
import { dropHeartbeatSql } from '../../sql/heartbeat.ts'
import { dropPublicationSql } from '../../sql/publication.ts'
import { publicationName, subscriptionName } from '../../sql/replication-names.ts'
import { dropSlot } from './drop-slot.ts'
import { dropSubscription, readSyncSlots } from './drop-subscription.ts'

export interface DroppedLane {
  /** Sessions in the lane's database on either side. */
  readonly source: Session
  readonly target: Session
  readonly lane: number
  readonly slot: string
}

/**
 * Removes all that a lane has on both servers, in an order that can be interrupted anywhere and begun anew: what names the slot goes after the
 * slot. Its rows in the ledger are the caller's.
 */
export async function dropLane({ source, target, lane, slot }: DroppedLane): Promise<void> {
  const name = subscriptionName(lane)
  const subscription = (await readSubscriptions(target)).find((one) => one.database === target.database && one.name === name)
  const slots = [slot]
  if (subscription !== undefined && subscription.mark !== null) {
    slots.push(...(await readSyncSlots(target, name)))
    await dropSubscription(target, name)
  }
  for (const one of slots) await dropSlot(source, one)
  const ours = [publicationName('changes', lane), publicationName('inserts', lane)]
  for (const publication of await readPublications(source)) {
    if (publication.mark !== null && ours.includes(publication.name)) await source.run(dropPublicationSql(publication.name))
  }
  await dropHeartbeat(source, lane)
  await dropHeartbeat(target, lane)
}

async function dropHeartbeat(session: Session, lane: number): Promise<void> {
  const [schema] = await session.rows(z.unknown(), `select from pg_catalog.pg_namespace n where ${ownSchemaCondition}`)
  if (schema !== undefined) await session.run(dropHeartbeatSql(lane))
}
