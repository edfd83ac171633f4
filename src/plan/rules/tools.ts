import { type Problem, problem, type Warning } from '../../errors.ts'
import { majorOf } from '../server-version.ts'
import { listed } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** pg_dump refuses servers newer than itself: https://www.postgresql.org/docs/current/app-pgdump.html#PG-DUMP-NOTES */
export function tools({ observed: { tools: found, source } }: RuleInput): (Problem | Warning)[] {
  const needed = majorOf(source)
  const hint = install(needed)
  const missing = [...(found.pgDump ? [] : ['pg_dump']), ...(found.pgRestore ? [] : ['pg_restore'])]
  if (!found.pgDump || !found.pgRestore) {
    const looked = found.looked.length > 0 ? ` Looked in ${listed(found.looked)}.` : ''
    return [problem('tools-missing', `${missing.join(' and ')} of PostgreSQL ${needed} or later not found.${looked}`, { hint })]
  }
  const old = [
    { name: 'pg_dump', tool: found.pgDump, atLeast: needed },
    // An archive of a newer pg_dump may have a format that an older pg_restore can't read.
    { name: 'pg_restore', tool: found.pgRestore, atLeast: Math.max(needed, found.pgDump.major) },
  ].filter(({ tool, atLeast }) => tool.major < atLeast)
  return old.map(({ name, tool, atLeast }) =>
    problem(
      'tools-too-old',
      `${tool.path} is ${name} ${tool.version}; the source is PostgreSQL ${needed}, so ${atLeast} or later is needed.`,
      { hint },
    ),
  )
}

/** https://wiki.postgresql.org/wiki/Apt */
function install(major: number): string {
  return [
    'Install the client tools; on Debian and Ubuntu:',
    'sudo apt-get install -y postgresql-common ca-certificates',
    'sudo /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y',
    `sudo apt-get install -y postgresql-client-${major}`,
    'Elsewhere: https://www.postgresql.org/download/ . If they are in a folder of their own, name it with client-tools.',
  ].join('\n')
}
