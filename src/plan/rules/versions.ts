import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import { majorOf } from '../server-version.ts'
import type { RuleInput } from './rule.ts'
import { sides } from './sides.ts'

const oldest = 12
const newest = 18

export function versions(input: RuleInput): (Problem | Warning)[] {
  const { source, target } = input.observed
  const unsupported = sides(input)
    .filter(({ server }) => majorOf(server) < oldest || majorOf(server) > newest)
    .map(({ side, server }) =>
      problem('version-unsupported', `The ${side} is PostgreSQL ${server.version}; ${oldest} to ${newest} are supported.`, {
        hint: majorOf(server) < oldest ? `Upgrade the ${side} first.` : 'Use a newer release of this tool.',
      }),
    )
  return majorOf(target) < majorOf(source)
    ? [
        ...unsupported,
        warning('target-older', `The target is PostgreSQL ${majorOf(target)}, older than the source's ${majorOf(source)}.`, {
          hint: `Objects that use what came after ${majorOf(target)} can't be created there; findings "feature-unsupported" name those known. Choose a target of ${majorOf(source)} or later if you can.`,
        }),
      ]
    : unsupported
}
