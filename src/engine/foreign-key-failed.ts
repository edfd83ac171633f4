import type { Problem } from '../errors.ts'
import { toReplicatorError } from '../pg/database-error.ts'
import type { ForeignKeyDefinition } from '../plan/definitions.ts'
import { qualified } from '../sql/identifier.ts'

/** `statements`: what would add it, once its cause is mended. */
export function foreignKeyFailed(
  error: unknown,
  { database, key, statements, hint }: { database: string; key: ForeignKeyDefinition; statements: readonly string[]; hint: string },
): Problem {
  const { finding } = toReplicatorError(error, { database })
  return {
    ...finding,
    code: 'constraint-failed',
    message: `foreign key ${key.name}: ${finding.message}`,
    relation: qualified({ schema: key.schema, name: key.table }),
    hint: [finding.hint, hint].filter((one) => one !== undefined).join(' '),
    sql: `${statements.join(';\n')};`,
  }
}
