import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { DatabasePair } from './database-pair.ts'
import { query } from './query.ts'

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

/** The schema as `pg_dump --schema-only` writes it, without what differs from one dump to the next. */
export async function dumpSchema(url: string, more: readonly string[] = []): Promise<string> {
  const { stdout } = await execute(`${clientTools()}/pg_dump`, ['--schema-only', ...more, url], {
    maxBuffer: 1 << 28,
    // A database may have set them, and the other one not.
    env: { ...process.env, PGOPTIONS: '-c quote_all_identifiers=off -c TimeZone=UTC' },
  })
  return stdout
    .split('\n')
    .filter((line) => !/^(\\(un)?restrict |-- Dumped (from|by) |SET transaction_timeout )/.test(line))
    .join('\n')
}

/**
 * Where the schema isn't what `pg_dump | pg_restore` makes of the source on the target's server, as lines with - and +. That's the
 * measure, since majors write the same definition differently. A database of its own is made for it there, and dropped again.
 */
export async function schemaDifferences({ source, target }: DatabasePair): Promise<string[]> {
  const tools = clientTools(source.server.major)
  const name = `${target.name.slice(0, 50)}_reference`
  await query(target.server.url(), `CREATE DATABASE "${name}" TEMPLATE template0`)
  try {
    const reference = target.server.url(name)
    const copy = `"$0/pg_dump" --schema-only -Fc "$1" | "$0/pg_restore" -d "$2"`
    // It fails on settings that an older target doesn't know, and goes on.
    await execute('/bin/sh', ['-c', copy, tools, source.url, reference]).catch(() => {})
    const ours = await dumpSchema(target.url, ['--exclude-schema=seren_replicator'])
    return differences(await dumpSchema(reference), ours)
  } finally {
    await query(target.server.url(), `DROP DATABASE "${name}"`)
  }
}

/** Lines that only one side has, with how often: enough to tell what is wrong, without an algorithm. */
function differences(expected: string, actual: string): string[] {
  const counts = new Map<string, number>()
  for (const line of expected.split('\n')) counts.set(line, (counts.get(line) ?? 0) - 1)
  for (const line of actual.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
  return [...counts].filter(([, count]) => count !== 0).map(([line, count]) => `${count < 0 ? '-' : '+'} ${line}`)
}

function installed(): { folder: string; major: number }[] {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').map(Number) : []
  const found = versions.map((major) => ({ major, folder: `/usr/lib/postgresql/${major}/bin` }))
  return [{ major: 18, folder: fetched }, ...found]
    .filter(({ folder }) => existsSync(`${folder}/pg_dump`))
    .sort((one, other) => other.major - one.major)
}
