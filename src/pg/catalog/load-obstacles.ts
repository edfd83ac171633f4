import { z } from 'zod'
import type { LoadObstacles } from '../../sql/load-obstacles.ts'
import type { Session } from '../session.ts'
import { readForeignKeysAround } from './foreign-keys-around.ts'
import { tableMembers } from './table-members.ts'

interface Table {
  readonly schema: string
  readonly name: string
}

/** Of these tables, their partitions included: foreign keys to them, too. */
export async function readLoadObstacles(session: Session, tables: readonly Table[]): Promise<LoadObstacles> {
  const values = [tables.map(({ schema }) => schema), tables.map(({ name }) => name)]
  return {
    foreignKeys: await readForeignKeysAround(session, tables, { toItself: true }),
    triggers: await session.rows(z.object({ schema: z.string(), table: z.string(), name: z.string() }), triggersSql, values),
    rowSecurity: await session.rows(z.object({ schema: z.string(), name: z.string() }), rowSecuritySql, values),
  }
}

/** What a partition's trigger was made from, only the dependency tells in all majors. https://www.postgresql.org/docs/current/catalog-pg-trigger.html */
const triggersSql = `
  with recursive ${tableMembers}, climbing as (
    select t.oid from pg_catalog.pg_trigger t where t.tgrelid in (select oid from member)
    union
    select d.refobjid
      from climbing
      join pg_catalog.pg_depend d
        on d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass and d.objid = climbing.oid
       and d.refclassid = 'pg_catalog.pg_trigger'::pg_catalog.regclass
  )
  select n.nspname::text as schema, c.relname::text as "table", t.tgname::text as name
    from climbing
    join pg_catalog.pg_trigger t on t.oid = climbing.oid
    join pg_catalog.pg_class c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where not t.tgisinternal
     and not exists (select from pg_catalog.pg_depend d
                      where d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass and d.objid = t.oid
                        and d.refclassid = 'pg_catalog.pg_trigger'::pg_catalog.regclass)
   order by 1, 2, 3`

const rowSecuritySql = `
  with ${tableMembers}
  select n.nspname::text as schema, c.relname::text as name
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.oid in (select oid from member)
     and c.relrowsecurity
   order by 1, 2`
