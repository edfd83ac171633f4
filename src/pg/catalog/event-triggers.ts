import { z } from 'zod'
import type { Session } from '../session.ts'
import { isExtensionMember } from './extension-member.ts'

export async function readEventTriggers(session: Session): Promise<readonly string[]> {
  const rows = await session.rows(
    z.object({ name: z.string() }),
    `select t.evtname::text as name
       from pg_catalog.pg_event_trigger t
      where not ${isExtensionMember('pg_event_trigger', 't.oid')}
      order by t.evtname`,
  )
  return rows.map(({ name }) => name)
}
