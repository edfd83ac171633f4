import { z } from 'zod'
import type { Session } from '../session.ts'

/** Empty where the role may not call the function: some providers revoke it. */
export async function readSystemIdentifier(session: Session): Promise<string> {
  const { allowed } = await session.one(
    z.object({ allowed: z.boolean() }),
    `select pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute') as allowed`,
  )
  if (!allowed) return ''
  const { identifier } = await session.one(
    z.object({ identifier: z.string() }),
    'select system_identifier::text as identifier from pg_catalog.pg_control_system()',
  )
  return identifier
}
