import { createHash } from 'node:crypto'

/**
 * The names of what replication makes on the servers. Permanent, and made from database and lane alone, so that any later run
 * finds them. The first lane has no number.
 */

/** A table is in one of a lane's publications: in `changes`, or, where updates can't be published, in `inserts`. */
export type PublicationKind = 'changes' | 'inserts'

export function publicationName(kind: PublicationKind, lane: number): string {
  return `seren_replication_pub${kind === 'inserts' ? '_insert' : ''}${numbered(lane)}`
}

export function subscriptionName(lane: number): string {
  return `seren_replication_sub${numbered(lane)}`
}

/** In schema `seren_replicator` on both sides. One per lane: every lane's apply writes its own. */
export function heartbeatName(lane: number): string {
  return `heartbeat${numbered(lane)}`
}

/** Bytes of an identifier. */
const longest = 63

/**
 * Slots are the whole server's, and know lower-case letters, digits and `_` alone. A database whose name needs more, or ends as a lane does,
 * is told from others by a hash. https://www.postgresql.org/docs/current/warm-standby.html#STREAMING-REPLICATION-SLOTS-MANIPULATION
 */
export function slotName(database: string, lane: number): string {
  const prefix = 'seren_replication_sub_'
  const room = longest - prefix.length - '_99'.length
  const plain = database.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')
  if (plain === database && plain.length <= room && !/_\d+$/.test(plain)) return `${prefix}${plain}${numbered(lane)}`
  const hash = createHash('sha256').update(database).digest('hex').slice(0, 10)
  return `${prefix}${plain.slice(0, room - hash.length - 1)}_${hash}${numbered(lane)}`
}

function numbered(lane: number): string {
  return lane === 1 ? '' : `_${lane}`
}
