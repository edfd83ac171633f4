import { describe, expect, test } from 'vitest'
import type { EmbeddedServer } from '../../src/commands/demo/embedded-server.ts'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { createDatabase, finishDatabase } from '../../src/engine/database/create-database.ts'
import { lendRoles } from '../../src/engine/roles/lend-roles.ts'
import { readDatabases } from '../../src/pg/catalog/databases.ts'
import type { DatabaseAction, DatabasePlan } from '../../src/plan/plan.ts'
import { compareDatabases } from '../support/compare.ts'
import { loadSql, loadSqlFile } from '../support/load-sql.ts'
import { connect, query } from '../support/query.ts'
import { reusedServers } from '../support/reused-servers.ts'
import { sessionOn } from '../support/session.ts'

const name = `Weird "Name" 'x' ☃`
const spelled = '"Weird ""Name"" \'x\' ☃"'
const serverFor = reusedServers()
const plain = { user: 'limited', password: 'limited' }

describe('the database', () => {
  test.each<[ServerMajor, ServerMajor]>([
    [12, 18],
    [15, 15],
    [18, 12],
  ])('from %i to %i is as the source: locale, owner, comment, settings, grants', async (from, to) => {
    const source = await serverFor('source', { major: from })
    const target = await serverFor('target', { major: to })
    for (const server of [source, target]) await loadSqlFile(server.url(), 'tests/fixtures/awkward/roles.sql')
    await loadSql(source.url(), `CREATE DATABASE ${spelled} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'POSIX'`)
    await loadSqlFile(source.url(name), 'tests/fixtures/awkward/database.sql')
    await loadSql(
      source.url(),
      `ALTER DATABASE ${spelled} SET default_transaction_read_only = on; ALTER DATABASE ${spelled} SET temp_tablespaces = '', pg_default;
       REVOKE TEMPORARY ON DATABASE ${spelled} FROM awkward_owner;
       SET ROLE "Awkward ""Role"" ☃ 'x'"; GRANT TEMPORARY ON DATABASE ${spelled} TO "::error::role"`,
    )
    await loadSql(source.url(), `ALTER DATABASE ${spelled} IS_TEMPLATE true`)
    expect(await make(source, target, 'create')).toEqual([])
    expect((await compareDatabases(source.url(name), target.url(name))).filter((one) => !one.startsWith('table '))).toEqual([])
    expect(await make(source, target, 'resume')).toEqual([])
    expect(await make(source, target, 'recreate')).toEqual([])
    expect((await compareDatabases(source.url(name), target.url(name))).filter((one) => !one.startsWith('table '))).toEqual([])
  })

  test.each<[ServerMajor, ServerMajor, string, string, RegExp | null]>([
    [15, 18, `LOCALE_PROVIDER icu ICU_LOCALE 'de'`, 'i de C.UTF-8', null],
    [17, 18, `LOCALE_PROVIDER icu ICU_LOCALE 'und' ICU_RULES '&V << w <<< W'`, 'i und C.UTF-8 &V << w <<< W', null],
    [17, 15, `LOCALE_PROVIDER icu ICU_LOCALE 'und' ICU_RULES '&V << w <<< W'`, 'i und C.UTF-8', /without the rules/],
    [15, 12, `LOCALE_PROVIDER icu ICU_LOCALE 'de'`, 'C.UTF-8', /libc's C.UTF-8 instead of ICU's de/],
    [17, 18, `LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'`, 'b C.UTF-8 C.UTF-8', null],
    [18, 17, `LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST'`, 'b C.UTF-8 C.UTF-8', /instead of PG_UNICODE_FAST/],
    [18, 15, `LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'`, 'c C', /libc's C instead of the builtin C.UTF-8/],
    [18, 12, `LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'`, 'C', /libc's C instead of the builtin C.UTF-8/],
    [15, 18, '', 'c C.UTF-8', null],
  ])('from %i to %i with %s', async (from, to, clauses, expected, warning) => {
    const source = await serverFor('source', { major: from })
    const target = await serverFor('target', { major: to })
    await loadSql(source.url(), `CREATE DATABASE ${spelled} TEMPLATE template0 ENCODING 'UTF8' ${clauses}`)
    const warnings = await make(source, target, 'create')
    expect(warnings).toEqual(warning === null ? [] : [expect.stringMatching(warning)])
    const [row] = await query(
      target.url(),
      `SELECT concat_ws(' ', d ->> 'datlocprovider', coalesce(d ->> 'datlocale', d ->> 'daticulocale'), d ->> 'datcollate', d ->> 'daticurules') AS locale
       FROM (SELECT to_jsonb(one) AS d FROM pg_database one WHERE datname = $1) AS row`,
      [name],
    )
    expect(row?.['locale']).toBe(expected)
  })

  test.each<ServerMajor>([12, 18])('on %i is dropped with those who use it only when that was asked for', async (major) => {
    const server = await serverFor('target', { major })
    const source = await serverFor('source', { major: 15 })
    await loadSql(source.url(), `CREATE DATABASE ${spelled}`)
    await loadSql(server.url(), `CREATE DATABASE ${spelled}`)
    await loadSql(server.url(name), 'CREATE TABLE precious ()')
    for (const action of ['fill', 'resume', 'complete'] as const) await make(source, server, action)
    await expect(make(source, server, 'create')).rejects.toMatchObject({
      code: 'lease-held',
      message: expect.stringContaining('another run has just created'),
    })
    await using _user = await connect(server.url(name))
    await query(server.url(name), 'TABLE precious')
    await make(source, server, 'recreate')
    expect(await query(server.url(name), `SELECT FROM pg_class WHERE relname = 'precious'`)).toEqual([])
  })

  test('that someone prepared keeps its own settings and owner, and loses what the source took from PUBLIC', async () => {
    const source = await serverFor('source', { major: 15 })
    const target = await serverFor('target', { major: 18 })
    const roles = `CREATE ROLE owner; CREATE ROLE reader; CREATE ROLE ${plain.user} LOGIN CREATEDB PASSWORD '${plain.password}'`
    for (const server of [source, target]) await loadSql(server.url(), roles)
    await loadSql(source.url(), `CREATE DATABASE ${spelled} OWNER owner`)
    await loadSql(
      source.url(),
      `REVOKE ALL ON DATABASE ${spelled} FROM PUBLIC; GRANT CONNECT ON DATABASE ${spelled} TO reader; ALTER DATABASE ${spelled} SET work_mem = '7MB'; ALTER DATABASE ${spelled} SET "my.own" = 'x'; ALTER DATABASE ${spelled} SET jit = off`,
    )
    await loadSql(target.url('postgres', plain), `CREATE DATABASE ${spelled}`)
    await loadSql(target.url('postgres', plain), `ALTER DATABASE ${spelled} SET work_mem = '8MB'`)
    expect(await make(source, target, 'fill', target.url('postgres', plain))).toEqual([
      expect.stringMatching(/keeps the target's value of its setting work_mem/),
      expect.stringMatching(/is without its setting my.own: permission denied/),
      expect.stringMatching(/is without the owner "owner": must be/),
    ])
    expect(await query(target.url(), 'SELECT datdba::regrole::text AS owner, datacl FROM pg_database WHERE datname = $1', [name])).toEqual([
      { owner: plain.user, datacl: `{limited=CTc/limited,owner=CTc/limited,reader=c/limited}` },
    ])
  })

  test.each<ServerMajor>([15, 17, 18])('on %i is made for another owner by a role with CREATEDB and CREATEROLE', async (major) => {
    const source = await serverFor('source', { major: 15 })
    const target = await serverFor('target', { major })
    const url = target.url('postgres', plain)
    await loadSql(target.url(), `CREATE ROLE ${plain.user} LOGIN CREATEDB CREATEROLE PASSWORD '${plain.password}'`)
    await loadSql(url, 'CREATE ROLE owner; CREATE ROLE reader')
    await loadSql(source.url(), 'CREATE ROLE owner; CREATE ROLE reader')
    await loadSql(source.url(), `CREATE DATABASE ${spelled} OWNER owner CONNECTION LIMIT 5`)
    await loadSql(
      source.url(),
      `GRANT CREATE ON DATABASE ${spelled} TO reader; COMMENT ON DATABASE ${spelled} IS 'kept'; ALTER ROLE reader IN DATABASE ${spelled} SET search_path = a, "B"; ALTER DATABASE ${spelled} SET TimeZone = 'UTC'`,
    )
    {
      await using session = await sessionOn(url)
      await using _lent = await lendRoles(session, ['owner'], () => undefined)
      expect(await make(source, target, 'create', url)).toEqual([])
    }
    expect(await compareDatabases(source.url(name), target.url(name))).toEqual([])
  })

  test('that needs what the target lacks says what', async () => {
    const source = await serverFor('source', { major: 15 })
    const target = await serverFor('target', { major: 15, locale: 'C' })
    await loadSql(source.url(), `CREATE DATABASE ${spelled}`)
    const change = (plan: DatabasePlan): DatabasePlan => ({
      ...plan,
      source: { ...plan.source, tablespace: 'fast', owner: 'nobody', collate: 'xx_XX' },
    })
    await expect(make(source, target, 'create', target.url(), change)).rejects.toMatchObject({
      code: 'database-failed',
      message: expect.stringMatching(/invalid locale name|invalid LC_COLLATE/),
    })
    const warnings = await make(source, target, 'create', target.url(), (plan) => ({
      ...change(plan),
      source: { ...change(plan).source, collate: 'C', ctype: 'C' },
    }))
    expect(warnings).toEqual([
      expect.stringMatching(/"fast" is not there/),
      expect.stringMatching(/without the owner "nobody": role "nobody" does not exist/),
    ])
  })
})

async function make(
  from: EmbeddedServer,
  to: EmbeddedServer,
  action: DatabaseAction,
  url = to.url(),
  change = (plan: DatabasePlan) => plan,
): Promise<string[]> {
  await using source = await sessionOn(from.url())
  await using target = await sessionOn(url)
  const database = (await readDatabases(source)).find((one) => one.name === name)
  if (database === undefined) throw new Error('the source has no such database')
  const plan = change({
    name,
    action,
    source: database,
    fingerprint: '',
    scope: [],
    asOf: '',
    tables: [],
    leftOut: [],
    keyChecks: [],
    timescaledb: null,
    change: null,
    largeObjects: 0n,
    largeObjectBytes: 0n,
    estimatedSeconds: null,
    replication: null,
  })
  const request = { source, target, plan, emit: () => undefined, signal: new AbortController().signal }
  const results = [await createDatabase(request), await finishDatabase(request)]
  return results.flatMap(({ warnings }) => warnings.map(({ message }) => message))
}
