import { type Warning, warning } from '../../errors.ts'
import type { ObservedDatabase } from '../../plan/observed.ts'
import { identifier, literal } from '../../sql/identifier.ts'

interface Locale {
  readonly sql: string
  /** What had to be different, in words. */
  readonly differs?: string
}

/**
 * CREATE DATABASE with encoding and locale of the source. template0 alone may be copied into another encoding or locale.
 * https://www.postgresql.org/docs/current/sql-createdatabase.html
 */
export function createDatabaseStatement(
  database: ObservedDatabase,
  { versionNumber, tablespace }: { readonly versionNumber: number; readonly tablespace: string | null },
): { readonly sql: string; readonly warnings: readonly Warning[] } {
  const locale = localeClauses(database, Math.floor(versionNumber / 10_000))
  const clauses = [
    `create database ${identifier(database.name)}`,
    'template template0',
    `encoding ${literal(database.encoding)}`,
    locale.sql,
    ...(tablespace === null ? [] : [`tablespace ${identifier(tablespace)}`]),
  ]
  return { sql: clauses.join('\n'), warnings: locale.differs === undefined ? [] : [differs(database, locale.differs)] }
}

/** Providers: ICU from 15, builtin from 17; before 15 there was libc alone, and no word for it. */
function localeClauses(database: ObservedDatabase, major: number): Locale {
  const { localeProvider, locale, icuRules, ctype } = database
  const names = `lc_collate ${literal(database.collate)} lc_ctype ${literal(ctype)}`
  const libc = `${major >= 15 ? 'locale_provider libc ' : ''}${names}`
  if (localeProvider === 'c') return { sql: libc }
  if (localeProvider === 'i') {
    if (major < 15) return { sql: libc, differs: `libc's ${database.collate} instead of ICU's ${locale}` }
    const rules = icuRules === null || major < 16 ? '' : ` icu_rules ${literal(icuRules)}`
    const sql = `locale_provider icu icu_locale ${literal(locale ?? '')}${rules} ${names}`
    return icuRules !== null && rules === '' ? { sql, differs: 'ICU without the rules of its own' } : { sql }
  }
  // All builtin locales sort by code point, as C does; they differ in what they take for letters.
  if (major < 17) {
    const sql = `${major >= 15 ? 'locale_provider libc ' : ''}lc_collate 'C' lc_ctype ${literal(ctype)}`
    return { sql, differs: `libc's C instead of the builtin ${locale}, with the letters of ${ctype}` }
  }
  if (major < 18 && locale === 'PG_UNICODE_FAST') {
    return { sql: `locale_provider builtin builtin_locale 'C.UTF-8' ${names}`, differs: 'the builtin C.UTF-8 instead of PG_UNICODE_FAST' }
  }
  return { sql: `locale_provider builtin builtin_locale ${literal(locale ?? 'C')} ${names}` }
}

function differs(database: ObservedDatabase, what: string): Warning {
  return warning('collation-differs', `database ${identifier(database.name)} gets ${what}, since the target is older`, {
    database: database.name,
    hint: 'Order and upper and lower case of texts may differ; a target of the source’s major keeps them.',
  })
}
