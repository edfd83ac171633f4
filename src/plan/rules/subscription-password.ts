import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import { spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** Subscriptions of roles that aren't superusers must bear a password, and the source must ask for it (`password_required`). */
export function subscriptionPassword({ observed: { target, replication }, config }: RuleInput): (Problem | Warning)[] {
  if (replication === null) return []
  const inline = config.subscriptionCredentials === 'inline' && config.source.password !== undefined
  if (inline) {
    return [
      warning(
        'subscription-password',
        "The source's password will stand in the subscription on the target, where superusers can read it.",
        {
          hint: "Give the source's URL a role of its own for replication; or place a file there and use subscription-credentials: passfile.",
        },
      ),
    ]
  }
  const works = [...replication.databases.values()].some(({ probe }) => probe === null)
  if (target.superuser || works) return []
  const why =
    config.source.password === undefined ? "the source's URL has none" : `subscription-credentials is ${config.subscriptionCredentials}`
  return [
    problem(
      'subscription-password',
      `A subscription of ${spelled(target.user)}, who is no superuser on the target, needs a password for the source, and ${why}.`,
      { hint: 'Use subscription-credentials: inline with a password in the URL, or a superuser on the target.' },
    ),
  ]
}
