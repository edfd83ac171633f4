import type { Session } from '../../pg/session.ts'

/**
 * Keeps statements that hold verifiers or passwords out of the server's log, where only a superuser can.
 * https://www.postgresql.org/docs/current/runtime-config-logging.html
 */
export async function withoutStatementLog<T>(session: Session, superuser: boolean, body: () => Promise<T>): Promise<T> {
  if (!superuser) return body()
  await session.run(settings.map(([name, value]) => `set ${name} to ${value}`).join(';\n'))
  try {
    return await body()
  } finally {
    if (session.alive) await session.run(settings.map(([name]) => `reset ${name}`).join(';\n'))
  }
}

const settings = [
  ['log_statement', 'none'],
  ['log_min_error_statement', 'panic'],
  ['log_min_duration_statement', '-1'],
  // Of extensions that keep statements, too; where they aren't loaded, these mean nothing.
  ['pg_stat_statements.track_utility', 'off'],
  ['pgaudit.log', 'none'],
] as const
