import type { Finding, Problem, Warning } from '../../errors.ts'
import { plural } from '../format.ts'
import { code, details, preformatted, prose, type Row } from './markup.ts'
import { type Room, table } from './room.ts'

/** Problems open to the eye; warnings too as long as they are few. */
export function addFindings(room: Room, problems: readonly Problem[], warnings: readonly Warning[]): void {
  if (problems.length > 0) {
    room.add(`### ${plural(problems.length, 'problem')}\n\n`)
    room.addTable(head, problems, (one) => row('❌', one), 'problems')
  }
  if (warnings.length === 0) return
  room.add(
    details(
      `<b>${plural(warnings.length, 'warning')}</b>`,
      table(head, warnings, (one) => row('⚠️', one), 'warnings'),
      warnings.length <= 5,
    ),
  )
}

const head = ['', 'where', 'what, and what to do']

function row(icon: string, finding: Finding): Row {
  const { message, hint, sql } = finding
  const what = [prose(message), ...(hint === undefined ? [] : [`<sub>→ ${prose(hint)}</sub>`])].join('<br>')
  return [
    icon,
    place(finding),
    `<code>${finding.code}</code><br>${what}${sql === undefined ? '' : `<details><summary>SQL</summary>${preformatted(sql)}</details>`}`,
  ]
}

function place({ position, database, relation }: Finding): string {
  if (position !== undefined) return code(`${position.file}:${position.line}:${position.column}`)
  return [database, relation]
    .filter((part) => part !== undefined)
    .map(code)
    .join('<br>')
}
