import { groupBy } from '../scope/group-by.ts'
import type { ObservedCatalog } from './observed-catalog.ts'

type Catalog = Pick<ObservedCatalog, 'relations' | 'foreignKeys'>

/** The tables whose rows decide which rows of a table come along: those that refer to it, however indirectly. */
export function referringTables({ relations, foreignKeys }: Catalog): (oid: number) => ReadonlySet<number> {
  const byParent = groupBy(foreignKeys, ({ parentOid }) => parentOid)
  const wholes = new Map(relations.map(({ oid, isPartition, parents }) => [oid, isPartition ? parents[0] : undefined]))
  const partitions = groupBy(
    relations.filter(({ isPartition }) => isPartition),
    ({ parents }) => parents[0],
  )
  const withParts = (oid: number): number[] => [oid, ...(partitions.get(oid) ?? []).flatMap((one) => withParts(one.oid))]
  const withWholes = (oid: number): number[] => {
    const whole = wholes.get(oid)
    return whole === undefined ? [oid] : [oid, ...withWholes(whole)]
  }
  return (start) => {
    const found = new Set<number>()
    const pending = [start]
    for (const oid of pending) {
      const children = withWholes(oid).flatMap((one) => byParent.get(one) ?? [])
      for (const child of children.flatMap(({ childOid }) => withParts(childOid))) {
        if (found.has(child)) continue
        found.add(child)
        pending.push(child)
      }
    }
    return found
  }
}
