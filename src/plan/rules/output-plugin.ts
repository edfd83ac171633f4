import { type Problem, problem, type Warning } from '../../errors.ts'
import { literal } from '../../sql/identifier.ts'
import type { RuleInput } from './rule.ts'

const needed = 'pgoutput'

/** A list of what may decode the log, on servers that have it; without the setting everything installed may. */
export function outputPlugin({ observed: { source } }: RuleInput): (Problem | Warning)[] {
  const setting = source.settings.get('output_plugin_libraries')
  if (setting === undefined) return []
  const listed = setting
    .split(',')
    .map((name) => name.trim().replaceAll('"', ''))
    .filter((name) => name !== '')
  if (listed.includes(needed) || listed.includes('*')) return []
  const more = [...listed, needed].join(', ')
  return [
    problem('output-plugin', `The source lets no slot use ${needed}: output_plugin_libraries is '${setting}'.`, {
      hint: `Add ${needed} to the list and reload the source.`,
      sql: `ALTER SYSTEM SET output_plugin_libraries = ${literal(more).trim()};\nSELECT pg_reload_conf();`,
    }),
  ]
}
