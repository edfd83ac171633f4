/**
 * The one place where names and strings become SQL.
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function identifier(name: string): string {
  if (name.includes('\0')) throw new TypeError('an identifier can not contain a NUL byte')
  return `"${name.replaceAll('"', '""')}"`
}

/** A string literal that means the same whatever `standard_conforming_strings` says. */
export function literal(value: string): string {
  if (value.includes('\0')) throw new TypeError('a literal can not contain a NUL byte')
  const quoted = `'${value.replaceAll("'", "''")}'`
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** `"schema"."name"`. */
export function qualified(relation: { readonly schema: string; readonly name: string }): string {
  return `${identifier(relation.schema)}.${identifier(relation.name)}`
}
