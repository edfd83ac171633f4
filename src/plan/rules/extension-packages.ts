/**
 * The package of Debian, Ubuntu and apt.postgresql.org that brings an extension, for the target's major version; null where it isn't known.
 * https://apt.postgresql.org/pub/repos/apt/
 */
export function packageOf(extension: string, major: number): string | null {
  const language = languages[extension]
  if (language) return `postgresql-${language}-${major}`
  if (contrib.includes(extension)) return `postgresql-${major}`
  const suffix = suffixes[extension] ?? (extension.startsWith('postgis_') ? suffixes['postgis'] : undefined)
  return suffix ? `postgresql-${major}-${suffix}` : null
}

const languages: Readonly<Record<string, string>> = {
  plperl: 'plperl',
  plperlu: 'plperl',
  plpython3u: 'plpython3',
  pltcl: 'pltcl',
  pltclu: 'pltcl',
}

const suffixes: Readonly<Record<string, string>> = {
  address_standardizer: 'postgis-3',
  hll: 'hll',
  hypopg: 'hypopg',
  ip4r: 'ip4r',
  mysql_fdw: 'mysql-fdw',
  orafce: 'orafce',
  pg_cron: 'cron',
  pg_partman: 'partman',
  pg_qualstats: 'pg-qualstats',
  pg_repack: 'repack',
  pg_stat_kcache: 'pg-stat-kcache',
  pg_wait_sampling: 'pg-wait-sampling',
  pgaudit: 'pgaudit',
  pgrouting: 'pgrouting',
  pgtap: 'pgtap',
  plpgsql_check: 'plpgsql-check',
  postgis: 'postgis-3',
  prefix: 'prefix',
  rum: 'rum',
  semver: 'semver',
  tds_fdw: 'tds-fdw',
  vector: 'pgvector',
}

/** In the server's own package: https://www.postgresql.org/docs/current/contrib.html */
const contrib: readonly string[] = `
  amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore insert_username
  intarray isn lo ltree moddatetime pageinspect pg_buffercache pg_freespacemap pg_logicalinspect pg_prewarm pg_stat_statements pg_surgery
  pg_trgm pg_visibility pg_walinspect pgcrypto pgrowlocks pgstattuple postgres_fdw refint seg sslinfo tablefunc tcn tsm_system_rows
  tsm_system_time unaccent uuid-ossp xml2
`
  .trim()
  .split(/\s+/)
