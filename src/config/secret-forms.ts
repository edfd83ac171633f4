import type { ConnectionSettings } from './config.ts'

/**
 * Every spelling in which a connection's secrets could leave this process: as given, decoded, percent-encoded, and as .pgpass, a conninfo
 * string, SQL and JSON write them. For masks and redaction; longest first, so that none leaves a rest of another.
 */
export function secretForms(url: string, settings: ConnectionSettings | undefined): string[] {
  const raw = rawPassword(url)
  const passwords = [
    raw,
    raw && decoded(raw),
    settings?.password?.reveal(),
    ...secretParameters.map((name) => settings?.parameters.get(name)),
  ]
  const guessable = new Set([settings?.user, settings?.database, ...(settings?.hosts.map(({ host }) => host) ?? [])])
  const forms = passwords
    .filter((one) => one !== undefined)
    // A password that equals the user, as in throwaway databases, is no secret, and masking it would blank half the log.
    .filter((one) => [...one].length >= shortest && !guessable.has(one))
    .flatMap(spellings)
  return [...new Set([url.trim(), ...forms])].filter((one) => one !== '').sort((a, b) => b.length - a.length)
}

/** Fewer characters occur everywhere. */
const shortest = 4

const secretParameters = ['sslpassword'] as const

/** Also from a URL that can't be parsed: everything that may be its password. */
function rawPassword(url: string): string | undefined {
  return /^\w+:\/\/[^:@/?]*:([^]*)@/.exec(url.trim())?.[1]
}

function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString())
}

function spellings(password: string): string[] {
  const backslashed = password.replaceAll('\\', '\\\\')
  const conninfo = backslashed.replaceAll("'", "\\'")
  return [
    password,
    encodeURIComponent(password),
    encodeURIComponent(password).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
    encodeURI(password),
    backslashed.replaceAll(':', '\\:'),
    conninfo,
    password.replaceAll("'", "''"),
    backslashed.replaceAll("'", "''"),
    conninfo.replaceAll("'", "''"),
    conninfo.replaceAll('\\', '\\\\').replaceAll("'", "''"),
    JSON.stringify(password).slice(1, -1),
  ]
}
