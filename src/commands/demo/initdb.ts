import { spawn } from 'node:child_process'
import { chown, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Who runs the server; empty: the user who runs this process. */
export interface Account {
  readonly uid?: number
  readonly gid?: number
}

interface Cluster {
  /** Holds `data/` afterwards. */
  readonly folder: string
  readonly programs: string
  readonly superuser: string
  readonly password: string
  readonly locale: string
  readonly account: Account
  readonly more: readonly string[]
}

/** Makes the data folder. Takes 0.6 s; a kept template to copy from would save half of it, which isn't worth its going stale. */
export async function initdb(cluster: Cluster): Promise<string> {
  const { folder, account } = cluster
  const dataFolder = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, cluster.password, { mode: 0o600 })
  await own(passwordFile, account)
  const locale = [`--locale=${cluster.locale}`, '--encoding=UTF8']
  const login = [`--username=${cluster.superuser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  await run(join(cluster.programs, 'bin/initdb'), ['-D', dataFolder, '--no-sync', ...login, ...locale, ...cluster.more], folder, account)
  await rm(passwordFile)
  return dataFolder
}

/** PostgreSQL refuses to run as root: `nobody` runs it then. A bare number won't do, initdb looks the name up. */
export async function unprivilegedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {}
  const accounts = await readFile('/etc/passwd', 'utf8')
  const [, , uid, gid] =
    accounts
      .split('\n')
      .find((line) => line.startsWith('nobody:'))
      ?.split(':') ?? []
  if (uid === undefined || gid === undefined)
    throw new Error("PostgreSQL doesn't run as root, and there is no account `nobody` to run it. Start this as another user.")
  return { uid: Number(uid), gid: Number(gid) }
}

export async function own(path: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
}

async function run(program: string, args: readonly string[], cwd: string, account: Account): Promise<void> {
  const child = spawn(program, args, { ...account, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`initdb failed (exit code ${code}):\n${output}`)
}
