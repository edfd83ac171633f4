import type { Finding } from '../errors.ts'
import { printable, printableLines } from './names.ts'
import type { Styles } from './reporter.ts'

type Shown = Finding & { readonly severity: 'problem' | 'warning' }

/** A finding in lines: mark and code, where, what, what to do, and the SQL that mends it. */
export function failureLines(finding: Shown, { red, yellow, dim, bold }: Styles): string[] {
  const [mark, paint] = finding.severity === 'problem' ? ['✗', red] : (['!', yellow] as const)
  const [message = '', ...more] = printableLines(finding.message).split('\n')
  const where = whereOf(finding)
  return [
    `${paint(mark)} ${where === '' ? '' : `${bold(where)}: `}${message} ${dim(`[${finding.code}]`)}`,
    ...more.map((line) => `  ${line}`),
    ...(finding.hint === undefined
      ? []
      : printableLines(finding.hint)
          .split('\n')
          .map((line) => `  ${dim('→')} ${line}`)),
    ...(finding.sql === undefined
      ? []
      : printableLines(finding.sql)
          .split('\n')
          .map((line) => `    ${line}`)),
  ]
}

/** Where the finding belongs: place in the file, database, relation. What the message names itself isn't repeated. */
export function whereOf({ position, database, relation, message }: Finding): string {
  if (position !== undefined) return `${position.file}:${position.line}:${position.column}`
  const named = (part: string) => message.includes(part) || message.includes(part.replaceAll('"', ''))
  const parts = [database, relation].filter((part) => part !== undefined && !named(part))
  return printable(parts.join(' '))
}
