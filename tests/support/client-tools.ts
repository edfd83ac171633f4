import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const fetched = fileURLToPath(new URL('../../.state/client-tools-18/bin', import.meta.url))

/** The folder with the newest `pg_dump` here; `scripts/client-tools.mjs` brought it. Fails when that is older than asked for. */
export function clientTools(atLeast = 0): string {
  const newest = installed()[0]
  if (newest && newest.major >= atLeast) return newest.folder
  throw new Error(
    `Client tools of PostgreSQL ${atLeast} aren't here (newest: ${newest?.major ?? 'none'}): node scripts/client-tools.mjs --newest`,
  )
}

/** For `test.skipIf(!hasClientTools(17))`: where the distribution has no newer tools, tests with newer sources can't run. */
export function hasClientTools(atLeast: number): boolean {
  return (installed()[0]?.major ?? 0) >= atLeast
}

/** The tools of exactly that major, to try what's too old. */
export function clientToolsOf(major: number): string | undefined {
  return installed().find((one) => one.major === major)?.folder
}

/** The schema as `pg_dump --schema-only` writes it, without what differs from one dump to the next. */
export async function dumpSchema(url: string, more: readonly string[] = []): Promise<string> {
  const { stdout } = await execute(`${clientTools()}/pg_dump`, ['--schema-only', ...more, url], { maxBuffer: 1 << 28 })
  return stdout
    .split('\n')
    .filter((line) => !/^(\\(un)?restrict |-- Dumped (from|by) |SET transaction_timeout )/.test(line))
    .join('\n')
}

function installed(): { folder: string; major: number }[] {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').map(Number) : []
  const found = versions.map((major) => ({ major, folder: `/usr/lib/postgresql/${major}/bin` }))
  return [{ major: 18, folder: fetched }, ...found]
    .filter(({ folder }) => existsSync(`${folder}/pg_dump`))
    .sort((one, other) => other.major - one.major)
}
