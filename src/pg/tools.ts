import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Writable } from 'node:stream'
import type { ClientTools } from '../config/config.ts'
import { ReplicatorError } from '../errors.ts'
import type { ObservedTools } from '../plan/observed.ts'

type Tool = 'pg_dump' | 'pg_restore'
type FoundTool = NonNullable<ObservedTools['pgDump']>

export interface ToolRun {
  readonly path: string
  readonly args: readonly string[]
  /** Added to the few variables that a child gets. */
  readonly environment?: Readonly<Record<string, string>>
  readonly stdin?: Buffer
  readonly signal: AbortSignal
}

/** Seconds between SIGTERM and SIGKILL for a child. */
const gracePeriod = 3

/** Runs a client tool to its end and returns what it wrote to standard output. Never through a shell. */
export function runTool({ path, args, environment, stdin, signal }: ToolRun): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    // A process group of its own, so that what the tool starts ends with it. Its output is a pipe to us: should we be killed,
    // the tool's next write ends it.
    const child = spawn(path, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'], env: { ...inherited(), ...environment } })
    const output: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk))
    feed(child.stdin, stdin)

    let killer: NodeJS.Timeout | undefined
    const stop = () => {
      endGroup(child.pid, 'SIGTERM')
      killer = setTimeout(() => endGroup(child.pid, 'SIGKILL'), gracePeriod * 1000)
    }
    signal.addEventListener('abort', stop, { once: true })
    const finished = () => {
      signal.removeEventListener('abort', stop)
      clearTimeout(killer)
    }
    child.on('error', (cause) => {
      finished()
      reject(new ReplicatorError('tools-missing', `${path} can not be started: ${cause.message}`, { cause }))
    })
    child.on('close', (status, killedBy) => {
      finished()
      if (signal.aborted) reject(signal.reason)
      else if (status === 0) resolve(Buffer.concat(output))
      else {
        const said = Buffer.concat(errors).toString('utf8').trim()
        reject(new ReplicatorError('restore-failed', `${path} ended with ${killedBy ?? `status ${status}`}: ${said}`))
      }
    })
  })
}

/** The newest pg_dump and pg_restore that can be found. */
export async function findClientTools(clientTools: ClientTools): Promise<ObservedTools> {
  const folders = clientTools.kind === 'folder' ? [clientTools.path] : await candidateFolders()
  const [pgDump, pgRestore] = await Promise.all([newest('pg_dump', folders), newest('pg_restore', folders)])
  return { pgDump, pgRestore, looked: folders }
}

/**
 * Debian keeps each major in a folder of its own, and its pg_wrapper on PATH picks by rules that aren't ours, so the folders
 * come first.
 */
async function candidateFolders(): Promise<string[]> {
  const debian = '/usr/lib/postgresql'
  const majors = await readdir(debian).catch(() => [])
  const redHat = (await readdir('/usr').catch(() => [])).filter((name) => /^pgsql-\d+$/.test(name))
  return [
    ...majors.map((major) => join(debian, major, 'bin')),
    ...redHat.map((name) => join('/usr', name, 'bin')),
    ...(inherited()['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
  ]
}

async function newest(tool: Tool, folders: readonly string[]): Promise<FoundTool | null> {
  const found = await Promise.all(folders.map((folder) => versionOf(join(folder, tool))))
  return found.filter((one) => one !== null).sort((a, b) => b.major - a.major)[0] ?? null
}

async function versionOf(path: string): Promise<FoundTool | null> {
  try {
    const output = await runTool({ path, args: ['--version'], signal: AbortSignal.timeout(5000) })
    const version = /(\d+)(?:\.\S+|devel|beta\d+|rc\d+)?/.exec(output.toString('utf8').replace(/^\S+ \(PostgreSQL\) /, ''))
    return version === null ? null : { path, major: Number(version[1]), version: version[0] }
  } catch {
    return null
  }
}

/** What a libpq program may need of our environment; never our own inputs, tokens or URLs. */
function inherited(): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: children need PATH and the user's libpq files, and nothing else of it
  const all = Object.entries(process.env)
  const wanted =
    /^(PATH|HOME|USER|LOGNAME|LD_LIBRARY_PATH|TMPDIR|TZ|SSL_CERT_\w+|KRB5\w*|PGPASSFILE|PGSERVICEFILE|PGSYSCONFDIR|PGSSL(CERT|KEY|ROOTCERT|CRL)|PGKRBSRVNAME|PGGSSENCMODE)$/
  return { ...Object.fromEntries(all.filter(([name]) => wanted.test(name))), LC_ALL: 'C.UTF-8' }
}

function feed(stream: Writable | null, content: Buffer | undefined): void {
  // A child that ends without reading its input isn't a failure of ours; its status tells.
  stream?.on('error', () => undefined)
  stream?.end(content)
}

function endGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, name)
  } catch {
    // It has ended in between.
  }
}
