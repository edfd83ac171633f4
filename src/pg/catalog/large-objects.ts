import { z } from 'zod'
import type { ObservedCatalog } from '../../plan/observed.ts'
import type { Session } from '../session.ts'

/** https://www.postgresql.org/docs/current/runtime-config-compatible.html#GUC-LO-COMPAT-PRIVILEGES */
export async function readLargeObjects(session: Session): Promise<ObservedCatalog['largeObjects']> {
  return session.one(
    z.object({ count: z.bigint(), unreadable: z.bigint(), bytes: z.bigint() }),
    `select count(*) as count,
            count(*) filter (
              where not pg_catalog.current_setting('lo_compat_privileges')::bool
                and not pg_catalog.pg_has_role(l.lomowner, 'usage')
                and not exists (
                      select
                        from pg_catalog.aclexplode(l.lomacl) a
                       where a.privilege_type = 'SELECT'
                         and (a.grantee = 0 or pg_catalog.pg_has_role(a.grantee, 'usage')))) as unreadable,
            case when count(*) = 0 then 0 else pg_catalog.pg_table_size('pg_catalog.pg_largeobject') end as bytes
       from pg_catalog.pg_largeobject_metadata l`,
  )
}
