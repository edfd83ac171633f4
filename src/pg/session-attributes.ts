import type pg from 'pg'
import { z } from 'zod'

const attribute = z.enum(['any', 'read-write', 'read-only', 'primary', 'standby'])
type Attribute = z.infer<typeof attribute>

/** What `target_session_attrs` asks of a host; the second where no host is the first. */
export function wantedAttributes(parameters: ReadonlyMap<string, string>): readonly Attribute[] {
  const wanted = parameters.get('target_session_attrs') ?? 'any'
  return wanted === 'prefer-standby' ? ['standby', 'any'] : [attribute.parse(wanted)]
}

const stateRow = z.object({ standby: z.boolean(), readOnly: z.boolean() })

/** https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS */
export async function hasAttribute(client: pg.Client, wanted: Attribute): Promise<boolean> {
  if (wanted === 'any') return true
  const { rows } = await client.query(
    `select pg_catalog.pg_is_in_recovery() as standby,
            pg_catalog.current_setting('transaction_read_only') operator(pg_catalog.=) 'on' as "readOnly"`,
  )
  const { standby, readOnly } = stateRow.parse(rows[0])
  switch (wanted) {
    case 'primary':
      return !standby
    case 'standby':
      return standby
    case 'read-only':
      return readOnly
    case 'read-write':
      return !readOnly
  }
}
