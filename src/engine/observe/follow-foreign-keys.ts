import { z } from 'zod'
import { type Judged, judged } from '../../pg/catalog/filters.ts'
import { inOneSnapshot } from '../../pg/catalog/one-snapshot.ts'
import type { Session } from '../../pg/session.ts'
import { followedFilters, followedKeys } from '../../plan/follow-keys.ts'
import type { ObservedCatalog, ObservedFilter } from '../../plan/observed.ts'
import type { Selection } from '../../scope/scope-database.ts'
import { countFollowedSql } from '../../sql/closure.ts'
import type { KeyRows } from '../../sql/key-rows.ts'

type Catalog = Pick<ObservedCatalog, 'relations' | 'foreignKeys' | 'filters'>

export interface Following {
  readonly copying: boolean
  /** The rows are published as well as copied, or were. */
  readonly replicated: boolean
}

export interface Followed {
  readonly filters: ReadonlyMap<number, ObservedFilter>
  /** The conditions find what comes along by themselves, under whatever snapshot. */
  readonly computed: boolean
}

/**
 * The filters with the rows that selected rows refer to. Replication can't follow keys, since a row filter sees one row alone: there the conditions
 * stay as they are if nothing comes along, or came when the copy was made.
 */
export async function followForeignKeys(
  open: () => Promise<Session>,
  catalog: Catalog,
  selections: ReadonlyMap<number, Selection>,
  { copying, replicated }: Following,
): Promise<Followed> {
  const asTheyAre = { filters: catalog.filters, computed: false }
  if (![...selections.values()].some(({ comesAlong }) => comesAlong === true) || (replicated && !copying)) return asTheyAre
  const keys = followedKeys(catalog, selections)
  if (keys.length === 0) return asTheyAre
  if (!copying) return { filters: followedFilters(catalog, selections, keys, null, false), computed: true }
  await using session = await open()
  const counted = await countFollowed(
    session,
    keys.map(({ rows }) => rows),
  )
  if (counted.error !== null) return { filters: failed(catalog, selections, counted.error), computed: true }
  if (replicated && counted.found.size === 0) return asTheyAre
  return { filters: followedFilters(catalog, selections, keys, counted.found, replicated), computed: true }
}

/** By the table that holds them. */
function countFollowed(session: Session, keys: readonly KeyRows[]): Promise<Judged<ReadonlyMap<number, bigint>>> {
  return judged(session, async () => {
    const found = await inOneSnapshot(session, () => session.rows(z.object({ rel: z.number(), rows: z.bigint() }), countFollowedSql(keys)))
    return new Map(found.map(({ rel, rows }) => [rel, rows]))
  })
}

/** A condition that can't be evaluated for some row. */
function failed({ filters }: Catalog, selections: ReadonlyMap<number, Selection>, error: string): ReadonlyMap<number, ObservedFilter> {
  const why = `what its rows refer to, or what refers to them, can't be found: ${error}`
  return new Map([...filters].map(([oid, filter]) => [oid, selections.get(oid)?.comesAlong ? { ...filter, error: why } : filter]))
}
