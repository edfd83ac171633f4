import { z } from 'zod'
import { hidden, type Inventory, type InventoryObject } from '../../../plan/inventory.ts'
import { majorOf } from '../../../plan/server-version.ts'
import type { Session } from '../../session.ts'
import { inventoryClasses } from './classes.ts'
import { databaseQuery } from './database.ts'
import { inventoryQuery } from './inventory-class.ts'
import { largeObjectCountQuery, largeObjectsQuery, mostListed } from './large-objects.ts'
import { remarksQuery } from './remarks.ts'
import { sequencesQuery, sequenceValuesQuery } from './sequence-values.ts'
import { systemPrivilegesQuery } from './system-privileges.ts'

/** What both sides must agree on to be comparable. */
export interface Comparability {
  /** The lower major of both. */
  readonly common: number
  /** Of the side that has more. */
  readonly largeObjects: number
}

export async function countLargeObjects(session: Session): Promise<number> {
  const { count } = await session.one(z.object({ count: z.bigint() }), largeObjectCountQuery)
  return Number(count)
}

/** One query per class of objects, whatever their number. */
export async function readInventory(session: Session, { common, largeObjects }: Comparability): Promise<Inventory> {
  const majors = { own: majorOf(session), common }
  const queries = [
    databaseQuery(majors),
    ...inventoryClasses(majors).map((type) => inventoryQuery(type, majors)),
    systemPrivilegesQuery(majors),
    largeObjectsQuery(majors, largeObjects <= mostListed),
  ]
  const remarks = await readRemarks(session)
  const values = await readSequenceValues(session)
  const objects: InventoryObject[] = []
  for (const sql of queries) for (const one of await session.rows(row, sql)) objects.push(toObject(one, remarks, values))
  const names = async (sql: string) => new Set((await session.rows(z.object({ name: z.string() }), sql)).map(({ name }) => name))
  return {
    major: majors.own,
    roles: await names('select rolname as name from pg_catalog.pg_roles'),
    tablespaces: await names('select spcname as name from pg_catalog.pg_tablespace'),
    objects,
  }
}

const values = z.record(z.string(), z.string())

const row = z.object({
  catalog: z.string(),
  oid: z.number(),
  sub: z.number(),
  parent_catalog: z.string().nullable(),
  parent_oid: z.number().nullable(),
  object: z.string(),
  identity: z.string(),
  owner: z.string().nullable(),
  privileges: values.nullable(),
  facts: values,
  definitions: values,
  options: values.nullable(),
})

type Row = z.infer<typeof row>
type Facts = ReadonlyMap<string, readonly (readonly [string, string])[]>

async function readRemarks(session: Session): Promise<Facts> {
  const remark = z.object({ catalog: z.string(), oid: z.number(), sub: z.number(), provider: z.string(), text: z.string() })
  const facts = new Map<string, [string, string][]>()
  for (const { catalog, oid, sub, provider, text } of await session.rows(remark, remarksQuery)) {
    const at = address(catalog, oid, sub)
    facts.set(at, [...(facts.get(at) ?? []), [provider === '' ? 'comment' : `security label of ${provider}`, text]])
  }
  return facts
}

const sequencesPerStatement = 500

async function readSequenceValues(session: Session): Promise<Facts> {
  const sequence = z.object({ oid: z.number(), schema: z.string(), name: z.string(), readable: z.boolean() })
  const value = z.object({ oid: z.number(), last_value: z.bigint(), is_called: z.boolean() })
  const sequences = await session.rows(sequence, sequencesQuery)
  const readable = sequences.filter((one) => one.readable)
  const facts = new Map<string, [string, string][]>(sequences.map(({ oid }) => [address('pg_class', oid), [['last value', hidden]]]))
  for (let at = 0; at < readable.length; at += sequencesPerStatement) {
    for (const one of await session.rows(value, sequenceValuesQuery(readable.slice(at, at + sequencesPerStatement)))) {
      facts.set(address('pg_class', one.oid), [['last value', `${one.last_value}${one.is_called ? '' : ', not called yet'}`]])
    }
  }
  return facts
}

function toObject(one: Row, remarks: Facts, sequenceValues: Facts): InventoryObject {
  const at = address(one.catalog, one.oid, one.sub)
  const facts: Record<string, string> = { ...one.facts, ...(one.owner === null ? {} : { owner: one.owner }) }
  for (const [role, granted] of Object.entries(one.privileges ?? {}))
    facts[`privileges of ${role === '' ? 'PUBLIC' : `role ${role}`}`] = granted
  // Extensions come with a comment, and another version with another.
  const more = [
    ...(one.object === 'extension' ? [] : (remarks.get(at) ?? [])),
    ...(one.object === 'sequence' ? (sequenceValues.get(at) ?? []) : []),
  ]
  for (const [name, value] of more) facts[name] = value
  return {
    address: at,
    parent: one.parent_catalog === null || one.parent_oid === null ? null : address(one.parent_catalog, one.parent_oid),
    object: one.object,
    identity: one.identity,
    owner: one.owner,
    facts,
    definitions: one.definitions,
    options: one.options ?? {},
  }
}

const address = (catalog: string, oid: number, sub = 0) => `${catalog}/${oid}/${sub}`
