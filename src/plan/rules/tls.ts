import type { ConnectionSettings } from '../../config/config.ts'
import { type Problem, type Warning, warning } from '../../errors.ts'
import { isLocalHost } from './host.ts'
import type { RuleInput } from './rule.ts'
import { sides } from './sides.ts'

export function tls(input: RuleInput): (Problem | Warning)[] {
  return sides(input)
    .filter(({ server }) => !isLocalHost(server.host))
    .flatMap(({ side, server, settings }) => {
      if (server.tls === null) {
        return warning(
          'tls-missing',
          `The connection to the ${side} (${server.host}) is not encrypted: passwords and rows can be read on the way.`,
          {
            hint: `Add sslmode=verify-full to the ${side}'s URL, or turn ssl on at the server.`,
          },
        )
      }
      if (verifies(settings)) return []
      return warning('tls-unverified', `The connection to the ${side} (${server.host}) is encrypted, but who answers isn't verified.`, {
        hint: `Add sslmode=verify-full to the ${side}'s URL, with sslrootcert=system for a public authority's certificate, or the path of the provider's root certificate.`,
      })
    })
}

/** https://www.postgresql.org/docs/current/libpq-ssl.html: `require` verifies the authority if a root certificate is given. */
function verifies({ parameters }: ConnectionSettings): boolean {
  const mode = parameters.get('sslmode')
  const root = parameters.has('sslrootcert')
  return mode === 'verify-ca' || mode === 'verify-full' || (mode === 'require' && root) || parameters.get('sslrootcert') === 'system'
}
