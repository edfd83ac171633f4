import { identifier } from '../../sql/identifier.ts'

/** `a, b, c and 4,990 more`: a finding stays one line, however many it's about. */
export function listed(names: readonly string[], limit = 10): string {
  const shown = names.slice(0, limit).join(', ')
  const rest = names.length - limit
  return rest > 0 ? `${shown} and ${rest.toLocaleString('en-US')} more` : shown
}

/** `1 table`, `5,000 tables`. */
export function counted(count: number | bigint, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en-US')} ${Number(count) === 1 ? singular : plural}`
}

/** A name as the user would write it in a list of tables: odd parts are quoted, plain ones aren't. */
export function spelled(...parts: readonly string[]): string {
  return parts.map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : identifier(part))).join('.')
}
