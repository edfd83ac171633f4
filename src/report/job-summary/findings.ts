import type { Finding, Problem, Warning } from '../../errors.ts'
import { plural } from '../format.ts'
import { shortened } from '../names.ts'
import { code, details, preformatted, prose, type Row } from './markup.ts'
import { type Room, table } from './room.ts'

/** Problems open to the eye; warnings too as long as they are few. `manual`: where docs/errors.md can be read. */
export function addFindings(room: Room, problems: readonly Problem[], warnings: readonly Warning[], manual: string | undefined): void {
  if (problems.length > 0) {
    room.add(`### ${plural(problems.length, 'problem')}\n\n`)
    room.addTable(head, problems, (one) => row('❌', one, manual), 'problems')
  }
  if (warnings.length === 0) return
  room.add(
    details(
      `<b>${plural(warnings.length, 'warning')}</b>`,
      table(head, warnings, (one) => row('⚠️', one, manual), 'warnings'),
      warnings.length <= 5,
    ),
  )
}

const head = ['', 'where', 'what, and what to do']

function row(icon: string, finding: Finding, manual: string | undefined): Row {
  const { hint, sql } = finding
  const name = `<code>${finding.code}</code>`
  return [
    icon,
    place(finding),
    [
      manual === undefined ? name : `<a href="${manual}#${finding.code}">${name}</a>`,
      prose(shortened(finding.message)),
      ...(hint === undefined ? [] : [`<sub>→ ${prose(shortened(hint))}</sub>`]),
    ].join('<br>') + (sql === undefined ? '' : `<details><summary>SQL</summary>${preformatted(shortened(sql))}</details>`),
  ]
}

function place({ position, database, relation }: Finding): string {
  if (position !== undefined) return code(`${position.file}:${position.line}:${position.column}`)
  return [database, relation]
    .filter((part) => part !== undefined)
    .map(code)
    .join('<br>')
}
