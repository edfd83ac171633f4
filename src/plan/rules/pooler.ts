import { type Problem, problem, type Warning } from '../../errors.ts'
import type { ObservedServer } from '../observed.ts'
import type { RuleInput } from './rule.ts'
import { sides } from './sides.ts'

const poolerPorts: readonly number[] = [6432, 6543]

/** A pooler may hand each transaction to another session: snapshots, pinned settings and advisory locks don't survive that. */
export function pooler(input: RuleInput): (Problem | Warning)[] {
  return sides(input)
    .filter(({ server }) => server.pooler)
    .map(({ side, server }) =>
      problem('pooler', `The ${side} ${server.host}:${server.port} is a connection pooler.`, {
        hint: directHint(server),
      }),
    )
}

export function directHint(server: ObservedServer): string {
  return `Use the URL of a direct connection${direct(server)}: a pooler breaks exported snapshots, and refuses replication connections.`
}

function direct({ host, port }: ObservedServer): string {
  const directHost = host.replace(/^([^.]+)-pooler\./, '$1.')
  const directPort = poolerPorts.includes(port) ? 5432 : port
  return directHost === host && directPort === port ? '' : `, probably ${directHost}:${directPort}`
}
