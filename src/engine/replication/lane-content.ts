import { ReplicatorError } from '../../errors.ts'
import type { RelationName } from '../../events.ts'
import { readPublishedTables } from '../../pg/catalog/replication/published-tables.ts'
import { qualified } from '../../sql/identifier.ts'
import type { PublishedTable } from '../../sql/publication.ts'
import { type PublicationKind, publicationName } from '../../sql/replication-names.ts'
import { ledgerKey } from '../ledger.ts'
import type { LaneServers } from './lane-servers.ts'
import { readSubscribedTables } from './subscribe.ts'

export const kinds: readonly PublicationKind[] = ['changes', 'inserts']

export interface LaneContent {
  readonly published: Readonly<Record<PublicationKind, readonly PublishedTable[]>>
  /** What the subscription lists, by `ledgerKey`, with its state. */
  readonly listed: ReadonlyMap<string, string>
}

export async function readLaneContent({ source, target }: LaneServers, lane: number): Promise<LaneContent> {
  const changes = await readPublishedTables(source, publicationName('changes', lane))
  const inserts = await readPublishedTables(source, publicationName('inserts', lane))
  const listed = await readSubscribedTables(target, lane)
  return { published: { changes, inserts }, listed: new Map(listed.map((one) => [ledgerKey(one), one.state])) }
}

/** The subscription takes in whatever its publications have: it may not be what another lane follows, or what nobody copies. */
export function refuseStrangers({ published, listed }: LaneContent, tables: readonly RelationName[]): void {
  const known = new Set([...listed.keys(), ...tables.map(ledgerKey)])
  const strangers = kinds.flatMap((kind) => published[kind]).filter((table) => !known.has(ledgerKey(table)))
  if (strangers.length > 0)
    throw new ReplicatorError('internal', `published, but not of this lane: ${strangers.map((table) => qualified(table)).join(', ')}`)
}

export function among<T extends RelationName>(tables: readonly T[], published: readonly PublishedTable[]): T[] {
  const keys = new Set(published.map(ledgerKey))
  return tables.filter((table) => keys.has(ledgerKey(table)))
}
