import type { ColumnTransfer } from './observed.ts'

/** A type as far as its way over the wire depends on it. */
export interface CatalogType {
  readonly oid: number
  readonly name: string
  /** In pg_catalog with an OID assigned by hand (below 10,000): the same on every server. */
  readonly builtIn: boolean
  /** `typtype`: base, composite, domain, enum, multirange, pseudo, range. */
  readonly kind: 'b' | 'c' | 'd' | 'e' | 'm' | 'p' | 'r'
  readonly isArray: boolean
  readonly travelsBinary: boolean
  /** Element, fields, base type or subtype, by oid. */
  readonly components: readonly number[]
  readonly extension: string | null
}

/**
 * How a type travels from server to server, decided from its parts. Binary arrays and composites carry their parts' OIDs, which
 * servers before 14 insist on; enums send their label and ranges their bounds, without any OID.
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
export function columnTransfer(oid: number, types: ReadonlyMap<number, CatalogType>, sourceVersion: number): ColumnTransfer {
  const type = types.get(oid)
  if (type === undefined) return { kind: 'text' }
  const components = () => type.components.map((one) => columnTransfer(one, types, sourceVersion))
  if (type.builtIn) return builtInTransfer(type, components, sourceVersion)
  if (!type.travelsBinary) return type.kind === 'p' ? { kind: 'none' } : { kind: 'text' }
  if (type.kind === 'e') return { kind: 'binary' }
  if (type.kind === 'd' || type.kind === 'r' || type.kind === 'm') return strictest(components())
  // Row types of the system's own tables differ from major to major.
  if (type.kind === 'c') return type.oid < 16384 ? { kind: 'text' } : strictest([{ kind: 'binary-from-14' }, ...components()])
  if (type.isArray) return strictest([{ kind: 'binary-from-14' }, ...components()])
  return type.extension === null ? { kind: 'text' } : { kind: 'extension', extension: type.extension }
}

/** Types that no user can write a value of. */
const unreadable: ReadonlySet<string> = new Set([
  'pg_node_tree',
  'pg_ndistinct',
  'pg_dependencies',
  'pg_mcv_list',
  'pg_brin_bloom_summary',
  'pg_brin_minmax_multi_summary',
  'pg_ddl_command',
  'gtsvector',
])

/**
 * `reg*` are OIDs that mean something else on the target, the value of `money` depends on the locale, and xml's two forms differ in
 * their declaration of encoding.
 */
const textOnly = /^(reg(class|collation|config|database|dictionary|namespace|oper|operator|proc|procedure|role|type)|money|xml|aclitem)$/

function builtInTransfer(type: CatalogType, components: () => ColumnTransfer[], sourceVersion: number): ColumnTransfer {
  if (type.kind === 'p' || unreadable.has(type.name)) return { kind: 'none' }
  if (textOnly.test(type.name) || !type.travelsBinary || type.kind === 'c') return { kind: 'text' }
  // Infinite intervals, which older servers take for finite ones.
  if (type.name === 'interval' && sourceVersion >= 170000) return { kind: 'binary-from-17' }
  return strictest(components())
}

function strictest(transfers: readonly ColumnTransfer[]): ColumnTransfer {
  const extensions = new Set(transfers.flatMap((one) => (one.kind === 'extension' ? [one.extension] : [])))
  const find = (kind: ColumnTransfer['kind']) => transfers.find((one) => one.kind === kind)
  const major = find('binary-from-17') ?? find('binary-from-14')
  // Two conditions at once aren't worth a kind of their own.
  if (extensions.size > 1 || (extensions.size === 1 && major !== undefined)) return find('none') ?? { kind: 'text' }
  return find('none') ?? find('text') ?? find('extension') ?? major ?? { kind: 'binary' }
}
