import { z } from 'zod'
import type { ObservedForeignKey } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { userSchemas } from './user-schemas.ts'

/**
 * As they were declared: the copies of a key that partitions hold are left out. Where the columns' collations differ, the server compares by the parent's.
 * https://www.postgresql.org/docs/current/collation.html#COLLATION-CONCEPTS
 */
export async function readForeignKeys(session: Session): Promise<ObservedForeignKey[]> {
  return session.rows(
    z.object({
      name: z.string(),
      childOid: z.number(),
      parentOid: z.number(),
      childColumns: z.array(z.string()),
      parentColumns: z.array(z.string()),
      operators: z.array(z.string()),
      isKept: z.boolean(),
    }),
    `select k.conname::text as "name",
            k.conrelid as "childOid",
            k.confrelid as "parentOid",
            ${columnNames('k.conrelid', 'k.conkey')} as "childColumns",
            ${columnNames('k.confrelid', 'k.confkey')} as "parentColumns",
            array(
              select case when co.oid is null then '' else pg_catalog.format('collate %I.%I ', cn.nspname, co.collname) end
                     || pg_catalog.format('operator(%I.%s)', n.nspname, o.oprname)
                from rows from (pg_catalog.unnest(k.conpfeqop), pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey))
                       with ordinality u(operator, child, parent, position)
                join pg_catalog.pg_operator o on o.oid = u.operator
                join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
                join pg_catalog.pg_attribute ca on ca.attrelid = k.conrelid and ca.attnum = u.child
                join pg_catalog.pg_attribute pa on pa.attrelid = k.confrelid and pa.attnum = u.parent
                left join pg_catalog.pg_collation co on co.oid = pa.attcollation and pa.attcollation <> ca.attcollation
                left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
               order by u.position) as operators,
            k.convalidated and coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::pg_catalog.bool, true) as "isKept"
       from pg_catalog.pg_constraint k
       join (${userSchemas}) s on s.oid = k.connamespace
      where k.contype = 'f'
        and k.conparentid = 0
      order by k.conrelid, k.conname`,
  )
}

function columnNames(relation: string, numbers: string): string {
  return `array(
              select a.attname::text
                from pg_catalog.unnest(${numbers}) with ordinality u(number, position)
                join pg_catalog.pg_attribute a on a.attrelid = ${relation} and a.attnum = u.number
               order by u.position)`
}
