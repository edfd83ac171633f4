import { createServer, type ServerResponse } from 'node:http'
import type { TestProject } from 'vitest/node'
import { type EmbeddedServer, startServer } from '../../src/commands/demo/embedded-server.ts'
import { type ServerMajor, serverMajors } from '../../src/commands/demo/server-package.ts'
import type { ServerAddress } from './servers.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    serverBroker: string
  }
}

/**
 * Runs once per test project, in vitest's main process: starts a server when a test file first asks for that major and lends it to all
 * files. It's asked over a local socket, since workers have no other way to ask the main process for something.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = new Map<string, Promise<EmbeddedServer>>()
  const broker = createServer(({ url = '' }, response) => void answer(servers, url, response))
  const port = await new Promise<number>((resolve) =>
    broker.listen(0, '127.0.0.1', () => resolve((broker.address() as { port: number }).port)),
  )
  project.provide('serverBroker', `http://127.0.0.1:${port}`)
  return async () => {
    broker.close()
    const started = await Promise.all(servers.values())
    if (process.env['KEEP_SERVERS'] && started.length > 0) await untilInterrupted(started)
    await Promise.all(started.map((server) => server[Symbol.asyncDispose]()))
  }
}

/** `/source/15`: two roles have two servers, even for the same major, since a pair needs two clusters. */
async function answer(servers: Map<string, Promise<EmbeddedServer>>, path: string, response: ServerResponse): Promise<void> {
  const major = serverMajors.find((one) => path.endsWith(`/${one}`))
  try {
    if (major === undefined) throw new Error(`No such server: ${path}`)
    const server = await lend(servers, path, major)
    const { host, port, user, password, dataFolder, logFile } = server
    response.end(JSON.stringify({ major, host, port, user, password, dataFolder, logFile } satisfies ServerAddress))
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
}

function lend(servers: Map<string, Promise<EmbeddedServer>>, path: string, major: ServerMajor): Promise<EmbeddedServer> {
  const running = servers.get(path) ?? startServer({ major })
  servers.set(path, running)
  return running
}

async function untilInterrupted(servers: readonly EmbeddedServer[]): Promise<void> {
  process.stderr.write(`Servers are kept until Ctrl+C:\n${servers.map((server) => `  ${server.major}: ${server.url()}\n`).join('')}`)
  await new Promise((resolve) => process.once('SIGINT', resolve))
}
