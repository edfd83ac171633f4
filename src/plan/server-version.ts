/** 17 for 17.10: since PostgreSQL 10 the major version is one number. https://www.postgresql.org/support/versioning/ */
export function majorOf(server: { readonly versionNumber: number }): number {
  return Math.floor(server.versionNumber / 10_000)
}
