/** One object of a database, with all that is compared of it. */
export interface InventoryObject {
  /** Catalog, oid and column number: what tells it from others on its own side. */
  readonly address: string
  /** Address of what it's part of. */
  readonly parent: string | null
  /** "table", "function", … as PostgreSQL's `pg_identify_object` says. */
  readonly object: string
  /** Quoted; the same on both sides. */
  readonly identity: string
  readonly owner: string | null
  /** By name; what concerns one role ends in ` of role NAME`. */
  readonly facts: Values
  /** Expressions and statements, which majors spell differently. */
  readonly definitions: Values
  /** Compared, but never shown. */
  readonly options: Values
}

export type Values = Readonly<Record<string, string>>

/** Instead of a value that our role may not read. */
export const hidden = 'hidden from this role'

/** Everything in a database, save what is the system's, an extension's or ours. */
export interface Inventory {
  readonly major: number
  readonly roles: ReadonlySet<string>
  readonly tablespaces: ReadonlySet<string>
  readonly objects: readonly InventoryObject[]
}

/** Names are the user's too: none may mean a property that every object has. */
export function fieldOf(values: Values, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
