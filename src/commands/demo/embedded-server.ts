import { randomBytes } from 'node:crypto'
import { appendFile, chmod, mkdtemp, realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initdb, own, unprivilegedAccount } from './initdb.ts'
import { Postmaster } from './postmaster.ts'
import { copyServerPackage, findServerPackage, isOpenToOthers, type ServerMajor } from './server-package.ts'
import { watchFolder } from './watchdog.ts'

type Settings = Readonly<Record<string, string | number | boolean>>

export interface ServerOptions {
  readonly major: ServerMajor
  /** Settings of postgresql.conf; they win over the defaults below. */
  readonly settings?: Settings
  readonly superuser?: string
  /**
   * The binaries carry no locale of their own: they know `C`, `POSIX` and what the system has, which is `C.UTF-8` everywhere and often
   * nothing else. All majors have the collations of ICU 60 (`en-x-icu`, `de-x-icu` …); from 15 a database can have one as its default.
   */
  readonly locale?: string
  readonly initdbArguments?: readonly string[]
  /** Makes a folder of programs from the package's, to have more extensions than that. */
  readonly programs?: (native: string, folder: string) => Promise<string>
}

export interface EmbeddedServer extends AsyncDisposable {
  readonly major: ServerMajor
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly dataFolder: string
  readonly logFile: string
  /** Process id of the postmaster; undefined while stopped. */
  readonly pid: number | undefined
  url(database?: string, credentials?: { readonly user: string; readonly password: string }): string
  start(): Promise<void>
  stop(mode?: 'fast' | 'immediate'): Promise<void>
  restart(): Promise<void>
}

/** Speed before safety, since the cluster is thrown away, and room for replication. */
const defaults: Settings = {
  listen_addresses: '127.0.0.1',
  fsync: false,
  full_page_writes: false,
  wal_level: 'logical',
  max_wal_senders: 20,
  max_replication_slots: 20,
  max_logical_replication_workers: 20,
  max_worker_processes: 40,
  max_connections: 100,
  max_prepared_transactions: 5,
  log_line_prefix: '%m [%p] %a@%d ',
}

/** A server of its own in a temporary folder; gone when disposed of, or when this process ends, however it ends. */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  const { major, superuser = 'postgres', locale = 'C.UTF-8', settings, initdbArguments = [] } = options
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'embedded-postgres-'))
  const watchdog = watchFolder(folder)
  try {
    const account = await unprivilegedAccount()
    await chmod(folder, 0o711)
    await own(folder, account)
    const native = await findServerPackage(major)
    const reachable = account.uid === undefined || (await isOpenToOthers(join(native, 'bin')))
    const packaged = reachable ? native : await copyServerPackage(native, join(folder, 'package'))
    const programs = (await options.programs?.(packaged, join(folder, 'programs'))) ?? packaged
    const password = randomBytes(12).toString('base64url')
    const dataFolder = await initdb({ folder, programs, superuser, password, locale, account, more: initdbArguments })
    const port = await freePort()
    await configure(dataFolder, { ...defaults, ...settings, port, unix_socket_directories: folder })
    const postmaster = new Postmaster(join(programs, 'bin/postgres'), dataFolder, account)
    await postmaster.start()
    return serve({ major, port, user: superuser, password }, postmaster, watchdog)
  } catch (error) {
    await watchdog[Symbol.asyncDispose]()
    throw error
  }
}

type Login = Pick<EmbeddedServer, 'major' | 'port' | 'user' | 'password'>

function serve(login: Login, postmaster: Postmaster, watchdog: AsyncDisposable): EmbeddedServer {
  const host = '127.0.0.1'
  return {
    ...login,
    host,
    dataFolder: postmaster.dataFolder,
    logFile: postmaster.logFile,
    get pid() {
      return postmaster.pid
    },
    url(database = 'postgres', { user, password } = login) {
      return `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${login.port}/${encodeURIComponent(database)}`
    },
    start: () => postmaster.start(),
    stop: (mode = 'fast') => postmaster.stop(mode),
    async restart() {
      await postmaster.stop('fast')
      await postmaster.start()
    },
    async [Symbol.asyncDispose]() {
      await postmaster.stop('immediate')
      await watchdog[Symbol.asyncDispose]()
    },
  }
}

async function configure(dataFolder: string, settings: Settings): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
  await appendFile(join(dataFolder, 'postgresql.conf'), lines.join(''))
}

/** Given back before the server takes it: a race that the range of 28,000 ports makes unlikely. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No free port was found.')
  return address.port
}
