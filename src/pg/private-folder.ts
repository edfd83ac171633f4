import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of this process alone (0700), removed with all that is in it on dispose. */
export async function privateFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'postgres-seren-replicator-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/**
 * Writes a password file for a libpq program that is given one server alone. Created 0600: libpq ignores others.
 * https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export async function writePassfile(folder: string, password: string): Promise<string> {
  const path = join(folder, 'pgpass')
  await writeFile(path, `*:*:*:*:${password.replaceAll('\\', '\\\\').replaceAll(':', '\\:')}\n`, { mode: 0o600, flag: 'wx' })
  return path
}
