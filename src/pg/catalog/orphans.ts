import { z } from 'zod'
import type { Session } from '../session.ts'

/** By one of the statements of sql/key-rows.ts. */
export async function countOrphans(session: Session, countSql: string): Promise<bigint> {
  return (await session.one(z.object({ rows: z.bigint() }), countSql)).rows
}
