import { type Problem, type Warning, warning } from '../../errors.ts'
import { isLocalHost } from './host.ts'
import type { RuleInput } from './rule.ts'
import { sides } from './sides.ts'

export function ipv6(input: RuleInput): (Problem | Warning)[] {
  return sides(input)
    .filter(({ server }) => server.ipv6Only && !isLocalHost(server.host))
    .map(({ side, server }) =>
      warning('ipv6-only', `The ${side} ${server.host} has IPv6 addresses only.`, {
        hint: "GitHub's hosted runners have no IPv6. It works from here; for the action use an IPv4 address of the provider, or a self-hosted runner.",
      }),
    )
}
