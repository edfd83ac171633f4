import { type Problem, problem } from '../../errors.ts'
import { literal, qualified } from '../../sql/identifier.ts'
import type { ObservedHypertable, ObservedRelation } from '../observed.ts'
import { listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** https://docs.tigerdata.com/self-hosted/latest/backup-and-restore/logical-backup/ */
export function timescaledb(input: RuleInput): Problem[] {
  return input.databases.flatMap((database) => [
    ...otherVersion(input, database),
    ...dividedChunks(database),
    ...withoutHypertable(database),
  ])
}

/** The rows of its catalog come along, and another version's has other columns. It's created in the source's version, where that's to be had. */
function otherVersion({ observed: { target } }: RuleInput, { pair, action }: ScopedDatabase): Problem[] {
  const version = pair.catalog?.extensions.find(({ name }) => name === 'timescaledb')?.version
  const available = target.availableExtensions.get('timescaledb')
  if (version === undefined || available === undefined) return []
  const installed = action === 'recreate' ? undefined : pair.target?.content?.extensions.get('timescaledb')
  if (installed === version || (installed === undefined && available.versions.includes(version))) return []
  const there = installed ?? available.defaultVersion
  return [
    problem('extension-version', `TimescaleDB is ${version} on the source, ${there} on the target: it restores its own version alone.`, {
      hint: 'Update the source to the version of the target, as the first statement of a new session, or install the source’s on the target.',
      sql: `ALTER EXTENSION timescaledb UPDATE TO ${literal(there).trim()};`,
      database: pair.source.name,
    }),
  ]
}

/** Compressed rows are copied all or none. */
function dividedChunks({ pair: { catalog, source } }: ScopedDatabase): Problem[] {
  const relations = byOid(catalog?.relations)
  return [...(catalog?.filters ?? [])].flatMap(([oid, { compressedChunks }]) => {
    const divided = [...compressedChunks].filter(([, share]) => share === 'some').flatMap(([chunk]) => relations.get(chunk) ?? [])
    const hypertable = relations.get(oid)
    if (divided.length === 0 || hypertable === undefined) return []
    const names = listed(divided.map(({ schema, name }) => spelled(schema, name)))
    return [
      problem('filter-invalid', `The filter of ${qualified(hypertable)} may divide chunks that are compressed: ${names}.`, {
        hint: 'Compressed rows can’t be filtered. Decompress those chunks on the source, or give a time filter that begins where a chunk does.',
        sql: divided.map((chunk) => `SELECT decompress_chunk(${literal(qualified(chunk)).trim()});`).join('\n'),
        database: source.name,
        relation: qualified(hypertable),
      }),
    ]
  })
}

/** A continuous aggregate is refreshed from its hypertable, for ever. */
function withoutHypertable({ pair: { catalog, source }, tables }: ScopedDatabase): Problem[] {
  const relations = byOid(catalog?.relations)
  const excluded = new Set(tables.filter(({ rule }) => rule === 'excluded').map(({ relation }) => relation.oid))
  return (catalog?.hypertables ?? []).flatMap(({ oid, aggregate }: ObservedHypertable) => {
    const [view, hypertable] = [relations.get(aggregate?.view ?? 0), relations.get(aggregate?.of ?? 0)]
    if (view === undefined || hypertable === undefined || excluded.has(oid) || !excluded.has(hypertable.oid)) return []
    return [
      problem(
        'dependency-excluded',
        `${qualified(hypertable)} is left out, but the continuous aggregate ${qualified(view)} is made from it.`,
        {
          hint: `Exclude ${qualified(view)} as well, or bring ${qualified(hypertable)} without rows in schema-only-tables.`,
          database: source.name,
          relation: qualified(hypertable),
        },
      ),
    ]
  })
}

function byOid(relations: readonly ObservedRelation[] = []): ReadonlyMap<number, ObservedRelation> {
  return new Map(relations.map((relation) => [relation.oid, relation]))
}
