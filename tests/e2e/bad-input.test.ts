import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type TestContext, test } from 'vitest'
import { clientTools } from '../support/client-tools.ts'
import { runCommand, startCommand } from '../support/command.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { query } from '../support/query.ts'

/** Every character that URLs, password files, conninfo strings, SQL and shells treat in ways of their own. */
const password = `p@:/\\'%41 "$x&*`

interface Case {
  readonly code: string
  readonly source?: string
  readonly target?: string
  readonly args?: readonly string[]
}

const cases: Readonly<Record<string, (pair: DatabasePair) => Promise<Case> | Case>> = {
  'a wrong password': ({ source }) => ({
    code: 'authentication-failed',
    source: source.server.url(source.name, { user: 'mover', password: 'not the password' }),
  }),
  'an unreachable host': () => ({
    code: 'connection-refused',
    target: `postgresql://mover:${encodeURIComponent(password)}@127.0.0.1:1/postgres`,
  }),
  'an unknown host': () => ({
    code: 'host-not-found',
    target: `postgresql://mover:${encodeURIComponent(password)}@no-such-host.invalid/postgres`,
  }),
  'an unknown database in the URL': ({ source }) => ({ code: 'database-not-found', source: urlOf(source.server, 'no such database') }),
  'an unknown database in the scope': () => ({ code: 'database-unknown', args: ['--include-databases', 'no such database'] }),
  'the same database under two names': ({ source }) => ({
    code: 'same-database',
    target: urlOf(source.server, source.name).replace('127.0.0.1', 'localhost'),
    args: ['--drop-existing'],
  }),
  'client tools that are too old': async (pair) => ({ code: 'tools-too-old', args: ['--client-tools', await oldTools(pair)] }),
  'a target full of other data': async (pair) => {
    await pair.target.query('create table precious (id int); insert into precious values (1)')
    return { code: 'target-not-empty' }
  },
  'no privilege on one table': async (pair) => {
    await pair.source.query('revoke all on secret_table from mover')
    return { code: 'privilege-missing' }
  },
  'a malformed URL': () => ({ code: 'url-invalid', source: `postgresql//mover:${password}@host` }),
  'an unknown parameter in the URL': ({ source }) => ({
    code: 'url-invalid',
    source: `${urlOf(source.server, source.name)}?sslmod=require`,
  }),
  'an unknown flag': () => ({ code: 'usage', args: ['--snapshot-olny'] }),
  'an unknown table': () => ({ code: 'table-unknown', args: ['--schema-only-tables', 'secret_tabel'] }),
}

for (const [name, prepare] of Object.entries(cases)) {
  test(`${name}: its code, exit 2, nothing changed, no secret told`, async (context) => {
    const pair = await prepared(context)
    const before = await stateOf(pair)
    const { code, args = [], ...urls } = await prepare(pair)
    const planted = await stateOf(pair)
    const result = await init(pair, args, urls)
    expect(result.output).toContain(`[${code}]`)
    expect(result.output).toMatch(/→ \S/)
    expect(result.code).toBe(2)
    expectNoSecret(result.output)
    expect(await stateOf(pair)).toEqual(name.includes('target full') ? planted : before)
    expect((await readdir(pair.temporaryFolder)).filter((file) => file !== 'old')).toEqual([])
  })
}

test('no secret reaches output, process list, temporary files or report of a run that succeeds', async (context) => {
  const pair = await prepared(context)
  await pair.source.query(
    "create table large as select n, repeat('x', 500) from generate_series(1, 200000) n; grant select on large to mover",
  )
  const report = join(pair.temporaryFolder, 'report.json')
  await using running = startCommand(initArguments(pair, ['--report', report, '--log-level', 'debug']), environment(pair, {}))
  const seen: string[] = []
  let finished = false
  void running.finished.then(() => (finished = true))
  while (!finished) {
    seen.push(execFileSync('ps', ['-eo', 'args', '-ww'], { encoding: 'utf8' }))
    for (const file of await readdir(pair.temporaryFolder, { recursive: true, withFileTypes: true })) {
      // The password file is there for as long as pg_dump runs, for this user alone.
      if (file.isFile() && file.name !== 'pgpass') seen.push(await readFile(join(file.parentPath, file.name), 'utf8').catch(() => ''))
    }
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  const result = await running.finished
  expect(result).toMatchObject({ code: 0 })
  expectNoSecret([result.output, await readFile(report, 'utf8'), ...seen].join('\n'))
  const activity = await pair.target.query(
    "select coalesce(string_agg(obj_description(oid), ''), '') || coalesce((select string_agg(l::text, '') from seren_replicator.ledger l), '') as all from pg_namespace",
  )
  expectNoSecret(String(activity[0]?.['all']))
})

async function prepared(context: TestContext): Promise<DatabasePair> {
  const pair = await databasePair(context, { source: 15, target: 15, own: true, mayLeave: ['file'] })
  const quoted = password.replaceAll("'", "''")
  for (const { server } of [pair.source, pair.target]) await query(server.url(), `create role mover login password '${quoted}' superuser`)
  await query(pair.source.server.url(), 'alter role mover nosuperuser')
  await pair.source.query('create table secret_table (id int); insert into secret_table values (1); grant select on secret_table to mover')
  return pair
}

function urlOf(server: DatabasePair['source']['server'], database: string): string {
  return server.url(database, { user: 'mover', password })
}

function initArguments(pair: DatabasePair, args: readonly string[]): string[] {
  const scope = args.includes('--include-databases') ? [] : ['--include-databases', pair.source.name]
  const tools = args.includes('--client-tools') ? [] : ['--client-tools', clientTools(15)]
  return ['init', '--snapshot-only', ...scope, ...tools, ...args]
}

function environment(pair: DatabasePair, urls: { source?: string; target?: string }) {
  const source = urls.source ?? urlOf(pair.source.server, pair.source.name)
  const target = urls.target ?? urlOf(pair.target.server, 'postgres')
  return { env: { SEREN_SOURCE_URL: source, SEREN_TARGET_URL: target, TMPDIR: pair.temporaryFolder } }
}

function init(pair: DatabasePair, args: readonly string[], urls: { source?: string; target?: string }) {
  return runCommand(initArguments(pair, args), environment(pair, urls))
}

function expectNoSecret(text: string): void {
  const forms = [
    password,
    encodeURIComponent(password),
    password.replaceAll("'", "''"),
    password.replaceAll('\\', '\\\\').replaceAll(':', '\\:'),
    'not the password',
  ]
  for (const form of forms) expect(text.includes(form), 'a secret was told').toBe(false)
}

/** Everything that a run could have changed. */
async function stateOf({ source, target }: DatabasePair) {
  const objects = `select c.oid::regclass::text as name, pg_relation_size(c.oid) as size from pg_class c where c.relnamespace >= 16384 or c.relnamespace = 'public'::regnamespace order by 1`
  const cluster = `select (select string_agg(datname, ',' order by datname) from pg_database) as databases, (select string_agg(rolname, ',' order by rolname) from pg_roles) as roles`
  return Promise.all([source, target].flatMap((one) => [one.query(objects), one.query(cluster)]))
}

/** A pg_dump that says it's of 11. */
async function oldTools({ temporaryFolder }: DatabasePair): Promise<string> {
  const folder = join(temporaryFolder, 'old')
  await mkdir(folder)
  for (const tool of ['pg_dump', 'pg_restore']) {
    await writeFile(join(folder, tool), `#!/bin/sh\necho "${tool} (PostgreSQL) 11.22"\n`)
    await chmod(join(folder, tool), 0o755)
  }
  return folder
}
