import { connect, type Row, type TestSession } from './query.ts'

/** A difference in words, empty when all is equal. Knows nothing of the product, so that it can't share its mistakes. */
export type Differences = string[]

interface CompareOptions {
  /** Tables to leave out, as `schema.table`, unquoted. */
  readonly except?: readonly string[]
  /** Tables whose rows stay behind on purpose. */
  readonly schemaOnly?: readonly string[]
  /** Owners and grants too, which need the same roles on both servers. */
  readonly owners?: boolean
  /** Row filters: of these tables, the target is to have no other rows of the source. */
  readonly filters?: Readonly<Record<string, string>>
}

/** Rows of every table, sequences, large objects and the database's own properties. */
export async function compareDatabases(source: string, target: string, options: CompareOptions = {}): Promise<Differences> {
  return compare(source, target, {
    table: (session) => tableSums(session, options),
    sequence: sequences,
    'large object': (session) => largeObjects(session, options.owners ?? true),
    database: (session) => databaseProperties(session, options.owners ?? true),
  })
}

/** Rows of every table: what replication brings. */
export async function compareTables(
  source: string,
  target: string,
  { filters = {}, ...options }: CompareOptions = {},
): Promise<Differences> {
  await using one = await connect(source)
  await using other = await connect(target)
  await Promise.all([one.query(pinned), other.query(pinned)])
  return differ('table', ...(await Promise.all([tableSums(one, { ...options, filters }), tableSums(other, options)])))
}

/** Roles of two servers: attributes, passwords, memberships, settings, comments. */
export async function compareRoles(source: string, target: string, except: readonly string[] = ['postgres']): Promise<Differences> {
  return compare(source, target, { role: (session) => roles(session, except) })
}

type Read = (session: TestSession) => Promise<Map<string, string>>

async function compare(source: string, target: string, reads: Readonly<Record<string, Read>>): Promise<Differences> {
  await using one = await connect(source)
  await using other = await connect(target)
  await Promise.all([one.query(pinned), other.query(pinned)])
  const found: Differences = []
  for (const [kind, read] of Object.entries(reads)) found.push(...differ(kind, ...(await Promise.all([read(one), read(other)]))))
  return found
}

function differ(kind: string, source: ReadonlyMap<string, string>, target: ReadonlyMap<string, string>): Differences {
  const names = [...new Set([...source.keys(), ...target.keys()])].sort()
  return names
    .filter((name) => source.get(name) !== target.get(name))
    .map((name) => `${kind} ${name}: source ${source.get(name) ?? 'has none'}, target ${target.get(name) ?? 'has none'}`)
}

const pinned = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 3; SET bytea_output = 'hex'; SET search_path = '';
  SET quote_all_identifiers = off; SET statement_timeout = 0;
  SET row_security = off; SET xmloption = content; `
const outside = `nspname NOT IN ('pg_catalog', 'information_schema', 'seren_replicator') AND nspname NOT LIKE 'pg\\_t%'`

async function pairs(session: TestSession, sql: string): Promise<Map<string, string>> {
  const rows = await session.query<{ name: string; value: string } & Row>(sql)
  return new Map(rows.map(({ name, value }) => [name, value]))
}

/**
 * Each table by itself, and each tree of partitions as a whole. Partitions by hash of an enum are seen as a whole alone: rows land in them
 * by OIDs that differ from server to server.
 */
async function tableSums(
  session: TestSession,
  { except = [], schemaOnly = [], filters = {} }: CompareOptions,
): Promise<Map<string, string>> {
  const found = await session.query<
    { name: string; relation: string; kind: string; scattered: string } & Row
  >(`SELECT nspname || '.' || relname AS name, c.oid::regclass::text AS relation,
       relkind::text || CASE WHEN relkind = 'm' AND NOT relispopulated THEN ' not populated' ELSE '' END AS kind,
       EXISTS (SELECT FROM pg_inherits JOIN pg_partitioned_table ON partrelid = inhparent JOIN pg_attribute ON attrelid = inhparent AND attnum = ANY (partattrs::int2[])
         JOIN pg_type t ON t.oid = atttypid WHERE inhrelid = c.oid AND partstrat = 'h' AND typtype = 'e') AS scattered
     FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind IN ('r', 'm', 'p') AND ${outside} AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e') ORDER BY 1`)
  const sums = new Map<string, string>()
  for (const { name, relation, kind, scattered } of found) {
    if (except.includes(name)) continue
    const hasRows = scattered === 'f' && ['r', 'm', 'p'].includes(kind) && !schemaOnly.includes(name)
    sums.set(name, hasRows ? `${kind} ${await sums64(session, kind === 'p' ? relation : `ONLY ${relation}`, filters[name])}` : kind)
  }
  return sums
}

/** Count and two 64-bit sums over the md5 of each row's text: independent of order, sensitive to duplicates. */
async function sums64(session: TestSession, relation: string, filter = 'true'): Promise<string> {
  const half = (from: number) => `sum(('x' || substr(digest, ${from}, 16))::bit(64)::bigint::numeric)`
  const [row] = await session.query<{ sum: string } & Row>(`SELECT concat_ws(' ', count(*), ${half(1)}, ${half(17)}) AS sum
     FROM (SELECT pg_catalog.md5(("of the table".*)::text) AS digest FROM ${relation} AS "of the table" WHERE ${filter}) AS digests`)
  return row?.sum ?? ''
}

async function sequences(session: TestSession): Promise<Map<string, string>> {
  const found = await session.query<
    { relation: string; parameters: string } & Row
  >(`SELECT seqrelid::regclass::text AS relation, concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle) AS parameters
     FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE ${outside}`)
  const values = new Map<string, string>()
  for (const { relation, parameters } of found) {
    const [row] = await session.query<{ value: string } & Row>(`SELECT concat_ws(' ', last_value, is_called) AS value FROM ${relation}`)
    values.set(relation, `${row?.value} (${parameters})`)
  }
  return values
}

/** Items of an access list in an order of their own, and null told from the default spelled out. */
const acl = (column: string, owners: boolean) =>
  owners ? `(SELECT string_agg(one::text, ' ' ORDER BY one::text COLLATE "C") FROM unnest(${column}) AS one)` : `''`

async function largeObjects(session: TestSession, owners: boolean): Promise<Map<string, string>> {
  return pairs(
    session,
    `SELECT m.oid::text AS name, concat_ws(' ', md5(lo_get(m.oid)), ${owners ? 'lomowner::regrole' : `''`}, ${acl('lomacl', owners)}, obj_description(m.oid, 'pg_largeobject')) AS value
     FROM pg_largeobject_metadata m`,
  )
}

async function databaseProperties(session: TestSession, owners: boolean): Promise<Map<string, string>> {
  const own = `datname = current_database()`
  return pairs(
    session,
    `SELECT 'encoding and locale' AS name, concat_ws(' ', pg_encoding_to_char(encoding), datcollate, datctype) AS value FROM pg_database WHERE ${own}
     UNION ALL SELECT 'limit and comment', concat_ws(' ', datconnlimit, datistemplate, datallowconn, shobj_description(oid, 'pg_database')) FROM pg_database WHERE ${own}
     UNION ALL SELECT 'owner and grants', concat_ws(' ', ${owners ? 'datdba::regrole' : `''`}, ${acl('datacl', owners)}) FROM pg_database WHERE ${own}
     UNION ALL SELECT 'settings of ' || coalesce(rolname, 'all'), array_to_string(ARRAY(SELECT unnest(setconfig) ORDER BY 1), ', ')
       FROM pg_db_role_setting LEFT JOIN pg_roles r ON r.oid = setrole WHERE setdatabase = (SELECT oid FROM pg_database WHERE ${own})`,
  )
}

async function roles(session: TestSession, except: readonly string[]): Promise<Map<string, string>> {
  const found = await pairs(
    session,
    `SELECT rolname AS name, concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil,
       rolpassword, shobj_description(a.oid, 'pg_authid'),
       (SELECT array_to_string(ARRAY(SELECT unnest(setconfig) ORDER BY 1), ', ') FROM pg_db_role_setting WHERE setdatabase = 0 AND setrole = a.oid),
       (SELECT string_agg(concat_ws('/', roleid::regrole, admin_option), ' ' ORDER BY roleid::regrole::text COLLATE "C") FROM pg_auth_members WHERE member = a.oid)) AS value
     FROM pg_authid a WHERE rolname NOT LIKE 'pg\\_%'`,
  )
  for (const name of except) found.delete(name)
  return found
}
