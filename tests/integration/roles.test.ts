import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { EmbeddedServer } from '../../src/commands/demo/embedded-server.ts'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { lendRoles } from '../../src/engine/roles/lend-roles.ts'
import { mergeRoles } from '../../src/engine/roles/roles.ts'
import type { Event } from '../../src/events.ts'
import { readServer } from '../../src/pg/catalog/server.ts'
import type { ObservedServer } from '../../src/plan/observed.ts'
import { compareRoles } from '../support/compare.ts'
import { loadSql, loadSqlFile } from '../support/load-sql.ts'
import { query } from '../support/query.ts'
import { reusedServers } from '../support/reused-servers.ts'
import { sessionOn } from '../support/session.ts'

const fixture = 'tests/fixtures/awkward/roles.sql'
const serverFor = reusedServers()
const plain = { user: 'limited', password: 'limited' }

describe('merging roles', () => {
  test.each<[ServerMajor, ServerMajor]>([
    [12, 18],
    [15, 15],
    [17, 18],
    [18, 12],
  ])('from %i to %i brings each with all it has', async (from, to) => {
    const source = await serverFor('source', { major: from })
    const target = await serverFor('target', { major: to })
    await loadSqlFile(source.url(), fixture)
    if (from >= 16) await loadSqlFile(source.url(), 'tests/fixtures/awkward/roles-16.sql')
    const { warnings } = await merge(source, target)
    if (to >= 16) expect(warnings).toEqual([])
    expect(await compareRoles(source.url(), target.url())).toEqual([])
    if (from >= 16 && to >= 16) expect(await memberships(target.url())).toEqual(await memberships(source.url()))
    if (from >= 16 && to < 16)
      expect(warnings).toEqual([expect.stringContaining('lacks its INHERIT'), expect.stringContaining('lacks its INHERIT')])
    expect((await merge(source, target)).warnings.filter((message) => !message.includes('lacks its INHERIT'))).toEqual([])
  })

  test('keeps grantors that are not the bootstrap superuser', async () => {
    const source = await serverFor('source', { major: 17 })
    const target = await serverFor('target', { major: 18, superuser: 'root' })
    await loadSql(
      source.url(),
      'CREATE ROLE a; CREATE ROLE b; CREATE ROLE c; CREATE ROLE d; GRANT a TO c WITH ADMIN OPTION; GRANT a TO b WITH ADMIN OPTION GRANTED BY c; GRANT a TO d GRANTED BY b; GRANT a TO d;',
    )
    expect((await merge(source, target)).warnings).toEqual([])
    expect((await memberships(target.url())).map((one) => one.replaceAll('root', 'postgres'))).toEqual(await memberships(source.url()))
    expect(await query(target.url(), `SELECT rolsuper FROM pg_roles WHERE rolname = 'postgres'`)).toEqual([{ rolsuper: 't' }])
  })

  test('leaves what is there as it is, and adds what it lacks', async () => {
    const source = await serverFor('source', { major: 15 })
    const target = await serverFor('target', { major: 18 })
    await loadSqlFile(source.url(), fixture)
    await loadSql(
      target.url(),
      `CREATE ROLE awkward_owner NOLOGIN CONNECTION LIMIT 3 PASSWORD 'own'; ALTER ROLE awkward_owner SET work_mem = '1MB'; COMMENT ON ROLE awkward_owner IS 'own'; CREATE ROLE rds_superuser`,
    )
    await loadSql(
      source.url(),
      'CREATE ROLE rdsadmin SUPERUSER; CREATE ROLE rds_superuser; CREATE ROLE cloudsqlsuperuser; GRANT rds_superuser, cloudsqlsuperuser TO awkward_owner',
    )
    const [before] = await query(
      target.url(),
      `SELECT rolpassword, rolcanlogin, rolconnlimit FROM pg_authid WHERE rolname = 'awkward_owner'`,
    )
    const { warnings } = await merge(source, target)
    expect(
      await query(target.url(), `SELECT rolpassword, rolcanlogin, rolconnlimit FROM pg_authid WHERE rolname = 'awkward_owner'`),
    ).toEqual([before])
    expect(await query(target.url(), `SELECT setconfig FROM pg_db_role_setting WHERE setrole = 'awkward_owner'::regrole`)).toEqual([
      { setconfig: '{work_mem=1MB,"search_path=awkward, \\"Mixed Case\\", public"}' },
    ])
    expect(await query(target.url(), `SELECT rolname FROM pg_roles WHERE rolname ~ '^(rds|cloudsql)'`)).toEqual([
      { rolname: 'rds_superuser' },
    ])
    expect(await memberships(target.url())).toContainEqual(expect.stringMatching(/^awkward_owner in rds_superuser /))
    expect(warnings).toEqual([
      expect.stringMatching(/"awkward_owner" is on the target already .* differs in CREATEDB, LOGIN, connection limit$/),
      expect.stringMatching(/"awkward_owner" keeps the target's value of its setting work_mem/),
      expect.stringMatching(/membership of "awkward_owner" in "cloudsqlsuperuser" was left out: that role is reserved/),
    ])
  })

  test.each<ServerMajor>([15, 17, 18])('into %i as a role with CREATEROLE alone', async (major) => {
    const source = await serverFor('source', { major: 15 })
    const target = await serverFor('target', { major })
    await loadSqlFile(source.url(), fixture)
    await loadSql(source.url(), `CREATE ROLE ${plain.user} LOGIN PASSWORD '${plain.password}'`)
    await loadSql(target.url(), `CREATE ROLE ${plain.user} LOGIN CREATEROLE CREATEDB PASSWORD '${plain.password}'`)
    const { warnings } = await merge(source, target, { target: target.url('postgres', plain) })
    expect(warnings).toContainEqual(expect.stringMatching(/"awkward_root" was created without SUPERUSER/))
    expect(warnings).toContainEqual(expect.stringMatching(/"awkward_copier" was created without REPLICATION/))
    expect(warnings).toContainEqual(expect.stringMatching(/"awkward_bypass" was created without BYPASSRLS/))
    expect(warnings).toContainEqual(expect.stringMatching(/is without its setting awkward.custom: permission denied/))
    expect(warnings.filter((one) => one.includes('was not granted') && !one.includes('in "pg_'))).toEqual([])
    const reported = ['awkward_root', 'awkward_copier', 'awkward_bypass', 'awkward_admin', 'awkward_reader', `Awkward "Role" ☃ 'x'`]
    expect(await compareRoles(source.url(), target.url(), ['postgres', plain.user, ...reported])).toEqual([])
  })

  test('from a source that hides its passwords names who has none', async () => {
    const source = await serverFor('source', { major: 17 })
    const target = await serverFor('target', { major: 18 })
    await loadSql(
      source.url(),
      `CREATE ROLE ${plain.user} LOGIN PASSWORD '${plain.password}'; CREATE ROLE alice LOGIN PASSWORD 'x'; CREATE ROLE staff`,
    )
    const { warnings, codes } = await merge(source, target, { source: source.url('postgres', plain) })
    expect(codes).toEqual(['role-password-unreadable'])
    expect(warnings[0]).toMatch(/"alice", "limited"$/)
  })

  test('where a verifier is refused makes the role without it, and tells nobody the verifier', async () => {
    const source = await serverFor('source', { major: 17 })
    const target = await serverFor('target', { major: 18, settings: { shared_preload_libraries: 'passwordcheck', log_statement: 'all' } })
    await loadSql(source.url(), `SET password_encryption = md5; CREATE ROLE eve CREATEDB LOGIN PASSWORD 'eve'`)
    const result = await merge(source, target)
    expect(await query(target.url(), `SELECT rolcreatedb, rolpassword FROM pg_authid WHERE rolname = 'eve'`)).toEqual([
      { rolcreatedb: 't', rolpassword: null },
    ])
    expect(result.warnings).toEqual([expect.stringMatching(/"eve" was created without its password/)])
    expect(JSON.stringify(result.events)).not.toContain('md5')
    const log = await readFile(target.logFile, 'utf8')
    expect(log).toContain('set log_statement to none')
    expect(log).not.toContain('md5')
  })

  test('brings grants on parameters', async () => {
    const source = await serverFor('source', { major: 15 })
    const target = await serverFor('target', { major: 18 })
    await loadSql(
      source.url(),
      'CREATE ROLE tuner; GRANT SET ON PARAMETER log_statement TO tuner WITH GRANT OPTION; GRANT ALTER SYSTEM ON PARAMETER "odd.name" TO PUBLIC',
    )
    expect((await merge(source, target)).warnings).toEqual([])
    const grants = 'SELECT parname, paracl FROM pg_parameter_acl ORDER BY 1'
    expect(await query(target.url(), grants)).toEqual(await query(source.url(), grants))
  })
})

describe('lending roles', () => {
  test.each<ServerMajor>([12, 15, 17, 18])('on %i lasts until it is given back', async (major) => {
    const target = await serverFor('target', { major })
    const url = target.url('postgres', plain)
    await loadSql(
      target.url(),
      `CREATE ROLE ${plain.user} LOGIN CREATEROLE CREATEDB PASSWORD '${plain.password}'; CREATE ROLE boss SUPERUSER; CREATE ROLE held; GRANT held TO ${plain.user}`,
    )
    await loadSql(url, 'CREATE ROLE mine; CREATE ROLE "My ""own"""')
    const before = await memberships(target.url())
    const events: Event[] = []
    await using session = await sessionOn(url)
    {
      await using lent = await lendRoles(session, ['mine', 'My "own"', 'held', 'boss', 'absent', plain.user], (event) => events.push(event))
      expect(lent.withheld).toEqual(['boss', 'absent'])
      expect(lent.warnings.map(({ message }) => message)).toEqual([
        expect.stringContaining('"boss"'),
        expect.stringContaining('there is no such role'),
      ])
      await session.run('create database lent_to')
      await session.run('alter database lent_to owner to mine')
      await session.run(`comment on database lent_to is 'ours still'`)
    }
    expect(await memberships(target.url())).toEqual(before)
    await expect(session.run(`comment on database lent_to is 'no more'`)).rejects.toThrow(/must be owner/)
  })

  test('is given back by another session when its own is gone', async () => {
    const target = await serverFor('target', { major: 17 })
    const url = target.url('postgres', plain)
    await loadSql(target.url(), `CREATE ROLE ${plain.user} LOGIN CREATEROLE PASSWORD '${plain.password}'`)
    await loadSql(url, 'CREATE ROLE mine')
    const before = await memberships(target.url())
    await using session = await sessionOn(url)
    {
      await using _lent = await lendRoles(session, ['mine'], () => undefined)
      expect(await memberships(target.url())).not.toEqual(before)
      session.destroy()
    }
    expect(await memberships(target.url())).toEqual(before)
  })
})

async function merge(from: EmbeddedServer, to: EmbeddedServer, urls: { source?: string; target?: string } = {}) {
  await using source = await sessionOn(urls.source ?? from.url())
  await using target = await sessionOn(urls.target ?? to.url())
  const observe = async (session: typeof source): Promise<ObservedServer> => ({
    ...(await readServer(session)),
    host: 'localhost',
    port: 0,
    tls: null,
    pooler: false,
    ipv6Only: false,
  })
  const observed = { source: await observe(source), target: await observe(target) }
  const events: Event[] = []
  const { warnings } = await mergeRoles({
    source,
    target,
    observed,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
  })
  return { warnings: warnings.map(({ message }) => message), codes: warnings.map(({ code }) => code), events }
}

async function memberships(url: string): Promise<string[]> {
  const rows = await query<{ one: string }>(
    url,
    `SELECT concat_ws(' ', member::regrole, 'in', roleid::regrole, 'by', grantor::regrole, to_jsonb(m) - '{oid,member,roleid,grantor}'::text[]) AS one
     FROM pg_auth_members m WHERE member::regrole::text <> 'pg_monitor' ORDER BY 1`,
  )
  return rows.map(({ one }) => one)
}
