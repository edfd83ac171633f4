import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import { majorOf } from '../server-version.ts'
import { packageOf } from './extension-packages.ts'
import { listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** They look at the server, and no data depends on them: without them only they themselves are missing. */
const onlyObserving: readonly string[] = `
  adminpack amcheck hypopg neon old_snapshot pageinspect pg_buffercache pg_freespacemap pg_logicalinspect pg_prewarm pg_qualstats pg_repack
  pg_stat_kcache pg_stat_monitor pg_stat_statements pg_visibility pg_wait_sampling pg_walinspect pgaudit pgrowlocks pgstattuple sslinfo
`
  .trim()
  .split(/\s+/)

interface Use {
  readonly name: string
  readonly version: string
  readonly database: ScopedDatabase
}

export function extensions(input: RuleInput): (Problem | Warning)[] {
  const uses = input.databases.flatMap((database) =>
    (database.pair.catalog?.extensions ?? []).map(({ name, version }) => ({ name, version, database })),
  )
  return [...new Set(uses.map(({ name }) => name))].sort().flatMap((name) => {
    const found = uses.filter((use) => use.name === name)
    // It has a rule of its own: see timescaledb.ts.
    if (name === 'timescaledb') return missing(input, name, found)
    return [...missing(input, name, found), ...otherVersion(input, name, found)]
  })
}

function missing({ observed: { target } }: RuleInput, name: string, uses: readonly Use[]): (Problem | Warning)[] {
  const lacking = uses.filter((use) => versionThere(use, target.availableExtensions) === null)
  if (lacking.length === 0) return []
  const make = onlyObserving.includes(name) ? warning : problem
  const without = onlyObserving.includes(name) ? ' Nothing else depends on it: it is left out.' : ''
  const debian = packageOf(name, majorOf(target))
  const install = debian ? ` (on Debian and Ubuntu: sudo apt-get install ${debian})` : ''
  return [
    make('extension-missing', `Extension ${spelled(name)} isn't available on the target; used by ${databasesOf(lacking)}.${without}`, {
      hint: `Install it on the target's machine${install}, or allow it in the provider's console.`,
    }),
  ]
}

function otherVersion({ observed: { target } }: RuleInput, name: string, uses: readonly Use[]): Warning[] {
  const differing = uses.flatMap((use) => {
    const there = versionThere(use, target.availableExtensions)
    return there !== null && worthSaying(use.version, there) ? [{ ...use, there }] : []
  })
  const [first] = differing
  if (!first) return []
  const installed = installedOn(first) !== undefined
  return [
    warning(
      'extension-version',
      `Extension ${spelled(name)} is ${first.version} on the source, ${first.there} on the target: ${databasesOf(differing)}.`,
      {
        hint: installed
          ? 'Update it there, or make sure that nothing needs what differs.'
          : "Bring the target's packages up to date, or make sure that nothing needs what differs.",
        ...(installed && target.availableExtensions.get(name)?.versions.includes(first.version)
          ? { sql: `ALTER EXTENSION ${identifier(name)} UPDATE TO ${identifier(first.version)};` }
          : {}),
      },
    ),
  ]
}

/** The version that will be there: what is installed already, else what CREATE EXTENSION takes, as a dump names none. */
function versionThere(use: Use, available: ReadonlyMap<string, { readonly defaultVersion: string }>): string | null {
  return installedOn(use) ?? available.get(use.name)?.defaultVersion ?? null
}

function installedOn({ name, database: { pair, action } }: Use): string | undefined {
  return action === 'recreate' ? undefined : pair.target?.content?.extensions.get(name)
}

/** Newer minor versions are what an upgrade brings; older ones and other majors may break what is restored. */
function worthSaying(source: string, target: string): boolean {
  const [sourceParts, targetParts] = [numbers(source), numbers(target)]
  if (sourceParts[0] !== targetParts[0]) return true
  const index = sourceParts.findIndex((part, position) => part !== (targetParts[position] ?? 0))
  return index >= 0 && (sourceParts[index] ?? 0) > (targetParts[index] ?? 0)
}

function numbers(version: string): number[] {
  return version.match(/\d+/g)?.map(Number) ?? []
}

function databasesOf(uses: readonly Use[]): string {
  return listed(uses.map(({ database }) => spelled(database.pair.source.name)))
}
