import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import { literal } from '../../sql/identifier.ts'
import { spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** Libraries that only work from the server's start. `creates`: without it, CREATE EXTENSION fails, and the data that depends on it. */
const libraries: readonly { readonly name: string; readonly creates: boolean }[] = [
  { name: 'auto_explain', creates: false },
  { name: 'citus', creates: true },
  { name: 'pg_cron', creates: true },
  { name: 'pg_hint_plan', creates: false },
  { name: 'pg_net', creates: false },
  { name: 'pg_qualstats', creates: false },
  { name: 'pg_stat_kcache', creates: false },
  { name: 'pg_stat_monitor', creates: false },
  { name: 'pg_stat_statements', creates: false },
  { name: 'pg_wait_sampling', creates: false },
  { name: 'pgaudit', creates: false },
  { name: 'timescaledb', creates: true },
]

/** https://www.postgresql.org/docs/current/runtime-config-client.html: read at the start of the server alone. */
export function preloadLibraries(input: RuleInput): (Problem | Warning)[] {
  const setting = input.observed.target.settings.get('shared_preload_libraries')
  const loaded = setting === undefined ? undefined : split(setting)
  return libraries
    .filter(({ name }) => inUse(input, name) && !loaded?.includes(name))
    .map(({ name, creates }) => {
      if (!loaded) {
        return warning(
          'preload-library-missing',
          `${spelled(name)} needs shared_preload_libraries, which the role may not see on the target.`,
          {
            hint: `Look for ${spelled(name)} in it, in the provider's console or as a superuser.`,
          },
        )
      }
      const make = creates ? problem : warning
      return make('preload-library-missing', `${spelled(name)} is in use, but not in the target's shared_preload_libraries.`, {
        hint: "Add it, in the provider's console where there is one, and restart the target.",
        sql: `ALTER SYSTEM SET shared_preload_libraries = ${[...loaded, name].map((library) => literal(library).trim()).join(', ')};`,
      })
    })
}

/** Some libraries are no extension: then settings of a database or a role show that they're used. */
function inUse({ observed: { source }, databases }: RuleInput, library: string): boolean {
  const own = ({ name }: { readonly name: string }) => name.startsWith(`${library}.`)
  return (
    databases.some(({ pair }) => pair.catalog?.extensions.some(({ name }) => name === library) || pair.source.settings.some(own)) ||
    source.roles.some(({ settings }) => settings.some(own))
  )
}

/** A list of file names, quoted or not, with or without a folder. */
function split(list: string): string[] {
  return list
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .replace(/^\$libdir\//, ''),
    )
    .filter((name) => name !== '')
}
