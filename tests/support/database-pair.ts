import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestContext } from 'vitest'
import type { ServerOptions } from '../../src/commands/demo/embedded-server.ts'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { findLeaks, type Leak } from './leaks.ts'
import { loadSqlFile } from './load-sql.ts'
import { query, type Row } from './query.ts'
import { ownServer, sharedServer, type TestServer } from './servers.ts'

export interface PairOptions {
  /** Majors; 15 and 18 unless told. */
  readonly source?: ServerMajor
  readonly target?: ServerMajor
  /** Begins the databases' name instead of the test's name; what follows is random. */
  readonly name?: string
  /** The exact name of the databases. */
  readonly exactName?: string
  /** False: the target database is left for `init` to create. */
  readonly createTarget?: boolean
  /** Two servers for this test alone, for tests of roles, of settings, and of restarts. */
  readonly own?: boolean | Omit<ServerOptions, 'major'>
  /** What the test may leave behind. */
  readonly mayLeave?: readonly Leak['kind'][]
}

export interface TestDatabase {
  readonly server: TestServer
  readonly name: string
  readonly url: string
  query<T extends Row = Row>(sql: string, values?: readonly unknown[]): Promise<T[]>
  load(...files: string[]): Promise<void>
}

export interface DatabasePair {
  readonly source: TestDatabase
  readonly target: TestDatabase
  /** TMPDIR while the test runs: must be empty at its end. */
  readonly temporaryFolder: string
}

/** Two databases of the same name for one test: dropped when it passed and left nothing of ours behind, kept when it failed. */
export async function databasePair(context: TestContext, options: PairOptions = {}): Promise<DatabasePair> {
  const undo: Undo[] = []
  // Registered first, so that what was made up to a failure is undone too.
  context.onTestFinished(() => undoAll(undo))
  const { source: sourceMajor = 15, target: targetMajor = 18, own = false } = options
  const name = options.exactName ?? makeName(options.name ?? context.task.name)
  const servers = await Promise.all([take(undo, 'source', sourceMajor, own), take(undo, 'target', targetMajor, own)])
  const [source, target] = servers.map((server) => database(server, name)) as [TestDatabase, TestDatabase]
  const pair = { source, target, temporaryFolder: await temporaryFolder(undo) }
  undo.push(() => finish(context, pair, options))
  await create(source)
  if (options.createTarget ?? true) await create(target)
  return pair
}

type Undo = () => Promise<void>

/** The last first, all of them, and then the first error (Node 20 has no AsyncDisposableStack). */
async function undoAll(undo: readonly Undo[]): Promise<void> {
  const errors: unknown[] = []
  for (const one of undo.toReversed()) await one().catch((error: unknown) => void errors.push(error))
  if (errors.length > 0) throw errors[0]
}

async function take(
  undo: Undo[],
  role: 'source' | 'target',
  major: ServerMajor,
  own: NonNullable<PairOptions['own']>,
): Promise<TestServer> {
  if (own === false) return sharedServer(role, major)
  const server = await ownServer({ ...(own === true ? {} : own), major })
  undo.push(async () => server[Symbol.asyncDispose]())
  return server
}

function database(server: TestServer, name: string): TestDatabase {
  const url = server.url(name)
  return {
    server,
    name,
    url,
    query: (sql, values) => query(url, sql, values),
    async load(...files) {
      for (const file of files) await loadSqlFile(url, file)
    },
  }
}

const create = ({ server, name }: TestDatabase) => query(server.url(), `CREATE DATABASE ${quote(name)} TEMPLATE template0`)

async function finish(
  context: TestContext,
  { source, target, temporaryFolder }: DatabasePair,
  { own = false, mayLeave = [] }: PairOptions,
): Promise<void> {
  if (context.task.result?.state === 'fail') {
    process.stderr.write(`Kept while the servers run (KEEP_SERVERS=1 keeps them): ${source.url} ${target.url}\n`)
    return
  }
  const leaks = await findLeaks([source, target], temporaryFolder, own !== false)
  // Servers of the test's own are gone in a moment, databases and all.
  if (own === false) for (const one of [source, target]) await drop(one)
  const found = leaks.filter(({ kind }) => !mayLeave.includes(kind))
  if (found.length > 0) throw new Error(`The test left behind:\n${found.map(({ kind, what }) => `  ${kind} ${what}`).join('\n')}`)
}

async function drop({ server, name, url }: TestDatabase): Promise<void> {
  const [exists] = await query(server.url(), 'SELECT FROM pg_database WHERE datname = $1', [name])
  if (!exists) return
  const subscriptions = await query<{ sql: string }>(
    url,
    `SELECT format('ALTER SUBSCRIPTION %1$I DISABLE; ALTER SUBSCRIPTION %1$I SET (slot_name = NONE); DROP SUBSCRIPTION %1$I', subname) AS sql
     FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
  for (const { sql } of subscriptions) for (const statement of sql.split('; ')) await query(url, statement)
  // A backend that was told to end does so in a moment.
  const ending = 'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = $1 AND active'
  for (let tries = 0; tries < 50 && (await query(server.url(), ending, [name])).length > 0; tries++) await sleep(100)
  await query(server.url(), 'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = $1', [name])
  await query(server.url(), `DROP DATABASE ${quote(name)} WITH (FORCE)`.replace(server.major < 13 ? ' WITH (FORCE)' : '', ''))
}

/** Our own temporary folder, so that files left in it are known to be this test's. */
async function temporaryFolder(undo: Undo[]): Promise<string> {
  const before = process.env['TMPDIR']
  const folder = await mkdtemp(join(tmpdir(), 'test-'))
  process.env['TMPDIR'] = folder
  undo.push(async () => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    await rm(folder, { recursive: true, force: true })
  })
  return folder
}

/** As long as a name can be and still leave room for what the tests append; never with a number at its end, as a lane's is. */
function makeName(text: string): string {
  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 40)
  return `${slug}_x${randomBytes(3).toString('hex')}`
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
