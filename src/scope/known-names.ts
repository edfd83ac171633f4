import type { NameUse } from './survey-predicate.ts'

/** Something of the source's catalog that bears a name which a predicate mentions. */
export interface KnownName {
  readonly kind: 'function' | 'operator' | 'type' | 'relation'
  readonly schema: string
  readonly name: string
  /** `provolatile`, of functions and operators. */
  readonly volatility: 'i' | 's' | 'v'
  /** An aggregate, a window function, or one that returns a set: what it makes depends on rows. */
  readonly gathers: boolean
  /** A type of date or time, or a domain over one (`typcategory`). */
  readonly dated: boolean
}

type Kind = KnownName['kind']

/** What a name means: sessions have no search path, so it's PostgreSQL's own, else the table's neighbour, else of schema public. */
export class KnownNames {
  readonly #known: readonly KnownName[]
  readonly #path: readonly string[]
  /** Over types of date and time, as JSON of schema and name. */
  readonly domains: ReadonlySet<string>

  constructor(known: readonly KnownName[], schema: string) {
    this.#known = known
    this.#path = ['pg_catalog', schema, 'public']
    this.domains = new Set(known.filter((one) => one.kind === 'type' && one.dated).map((one) => JSON.stringify([one.schema, one.name])))
  }

  /** All of that name in one schema: functions are overloaded. */
  find(kind: Kind, { names }: Pick<NameUse, 'names'>): readonly KnownName[] {
    const name = names.at(-1)
    const alike = this.#known.filter((one) => one.kind === kind && one.name === name)
    const schema = names.at(-2) ?? this.#path.find((candidate) => alike.some((one) => one.schema === candidate))
    return alike.filter((one) => one.schema === schema)
  }

  /** The schema that has to be written before the name, or null. */
  missingSchema(kind: Kind, use: NameUse): string | null {
    const schema = use.names.length === 1 ? this.find(kind, use)[0]?.schema : undefined
    return schema === undefined || schema === 'pg_catalog' ? null : schema
  }
}
