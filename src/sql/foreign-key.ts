import { identifier, literal, qualified } from './identifier.ts'

interface ForeignKey {
  readonly name: string
  readonly schema: string
  readonly table: string
  readonly partitioned: boolean
  /** As `pg_get_constraintdef` spells it. */
  readonly definition: string
  readonly comment: string | null
}

/**
 * Adds the foreign key without reading a row, where PostgreSQL can: on partitioned tables NOT VALID exists from 18 on only.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT
 */
export function addForeignKeySql(key: ForeignKey): string[] {
  const table = qualified({ schema: key.schema, name: key.table })
  const complete = key.partitioned || / NOT (VALID|ENFORCED)$/.test(key.definition)
  const add = `alter table ${key.partitioned ? '' : 'only '}${table} add constraint ${identifier(key.name)} ${key.definition}${complete ? '' : ' not valid'}`
  return [add, ...(key.comment === null ? [] : [`comment on constraint ${identifier(key.name)} on ${table} is ${literal(key.comment)}`])]
}

/** Reads the rows, without holding up writers or other validations of other tables. */
export function validateForeignKeySql(key: ForeignKey): string {
  return `alter table ${qualified({ schema: key.schema, name: key.table })} validate constraint ${identifier(key.name)}`
}

/** On a partitioned table its partitions' go too. */
export function dropForeignKeySql({ schema, table, name }: Pick<ForeignKey, 'schema' | 'table' | 'name'>): string {
  return `alter table ${qualified({ schema, name: table })} drop constraint if exists ${identifier(name)}`
}
