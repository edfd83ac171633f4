import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import type { ObservedServer } from '../observed.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** Locales that a database to be created needs of the target's operating system: https://www.postgresql.org/docs/current/locale.html */
export function locales({ observed: { target }, databases }: RuleInput): (Problem | Warning)[] {
  const created = databases.filter(({ action }) => action === 'create' || action === 'recreate')
  return [...libc(target, created), ...icu(target, created)]
}

/** LC_COLLATE and LC_CTYPE are libc's whatever the provider. */
function libc(target: ObservedServer, databases: readonly ScopedDatabase[]): (Problem | Warning)[] {
  const known = new Set([...target.locales, ...target.databases.flatMap(({ collate, ctype }) => [collate, ctype])].map(normalized))
  const unknownOf = ({ pair: { source } }: ScopedDatabase) =>
    [source.collate, source.ctype].filter((name) => !known.has(normalized(name)) && !everywhere(name))
  const lacking = databases.filter((database) => unknownOf(database).length > 0)
  if (lacking.length === 0) return []
  const names = [...new Set(lacking.flatMap(unknownOf))]
  const message = `${counted(names.length, 'locale')} that the target doesn't have: ${listed(names)}; for ${listed(lacking.map(({ pair }) => spelled(pair.source.name)))}.`
  if (!target.locales.some(isLibc)) {
    return [
      warning('locale-missing', message, {
        hint: 'The target lists no locales of its operating system, so it may have them all the same.',
      }),
    ]
  }
  return [
    problem('locale-missing', message, {
      hint: "Install the locales on the target's machine, restart the server and run the statement there; or create the databases yourself with another locale: empty ones are filled.",
      sql: "SELECT pg_import_system_collations('pg_catalog');",
    }),
  ]
}

function icu(target: ObservedServer, databases: readonly ScopedDatabase[]): Problem[] {
  const needing = databases.filter(({ pair }) => pair.source.localeProvider === 'i')
  if (needing.length === 0 || target.locales.some(isIcu)) return []
  return [
    problem(
      'locale-missing',
      `The target was built without ICU, which is the locale provider of ${listed(needing.map(({ pair }) => spelled(pair.source.name)))}.`,
      {
        hint: 'Create the databases there yourself with a libc locale: empty ones are filled.',
      },
    ),
  ]
}

/**
 * Whether it shows that the list holds the operating system's locales. musl (postgres:alpine) takes any name and lists none; glibc lists
 * `C.utf8` at least.
 */
function isLibc(name: string): boolean {
  return name === 'C.utf8' || (/[_.]/.test(name) && !everywhere(name))
}

function isIcu(name: string): boolean {
  return name.endsWith('-x-icu')
}

function everywhere(name: string): boolean {
  return /^(C|POSIX|ucs_basic|default|unicode|pg_.*|C\.UTF-?8)$/i.test(name)
}

/** `en_US.UTF-8` and `en_US.utf8` are one locale. */
function normalized(name: string): string {
  return name.toLowerCase().replace(/\.([^@]*)/, (_, encoding: string) => `.${encoding.replaceAll(/[^a-z0-9]/g, '')}`)
}
