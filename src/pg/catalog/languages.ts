import { z } from 'zod'
import type { Session } from '../session.ts'
import { isExtensionMember } from './extension-member.ts'

/** Procedural languages that no extension brings. */
export async function readLanguages(session: Session): Promise<readonly string[]> {
  const rows = await session.rows(
    z.object({ name: z.string() }),
    `select l.lanname::text as name
       from pg_catalog.pg_language l
      where l.lanispl
        and not ${isExtensionMember('pg_language', 'l.oid')}
      order by l.lanname`,
  )
  return rows.map(({ name }) => name)
}
