import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestServer } from './servers.ts'

const fetched = fileURLToPath(new URL('../../.state/pgbouncer/bin/pgbouncer', import.meta.url))
const program = ['/usr/sbin/pgbouncer', fetched].find(existsSync)

/** For `test.skipIf`: where apt has no PgBouncer to fetch, tests of it can't run; `npm test` says so. */
export const hasPgBouncer = program !== undefined

export interface PgBouncer extends AsyncDisposable {
  readonly port: number
  /** The same URL through the pooler. */
  url(of: string): string
}

/** Real PgBouncer before a server, as providers have it. */
export async function startPgBouncer(server: TestServer, poolMode: 'session' | 'transaction'): Promise<PgBouncer> {
  if (program === undefined) throw new Error('PgBouncer is not here: npm test fetches it.')
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'))
  const port = await freePort()
  await writeFile(join(folder, 'users.txt'), `"${server.user}" "${server.password}"\n`)
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    auth_type: 'scram-sha-256',
    auth_file: join(folder, 'users.txt'),
    pool_mode: poolMode,
    unix_socket_dir: '',
    // What managed poolers let pass too.
    ignore_startup_parameters: 'extra_float_digits,options',
    // It refuses to run as root, but becomes another user.
    ...(process.getuid?.() === 0 ? { user: 'nobody' } : {}),
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]\n* = host=${server.host} port=${server.port}\n[pgbouncer]\n${lines.join('\n')}\n`,
  )
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], { stdio: ['ignore', 'ignore', 'pipe'] })
  const closed = once(child, 'close')
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    void closed.then(() => reject(new Error(`PgBouncer ended:\n${log}`)))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
      if (log.includes('process up')) resolve()
    })
  })
  return {
    port,
    url(of) {
      const url = new URL(of)
      url.host = `127.0.0.1:${port}`
      return url.href
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGQUIT')
      await closed
      await rm(folder, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
