import type { DatabaseAction, DatabasePlan, Plan } from '../plan/plan.ts'
import { failureLines } from '../report/failure.ts'
import { formatBytes, formatEstimate, formatRoughDuration, plural } from '../report/format.ts'
import { displayName, displayPart } from '../report/names.ts'
import type { Styles } from '../report/reporter.ts'
import { cut } from '../report/width.ts'
import type { Chosen } from './answers.ts'
import { windowText } from './chosen-values.ts'
import type { OfferedTable } from './offer.ts'

/** What the choice comes to, by the plan's own numbers. */
export function summaryLines(plan: Plan, chosen: readonly Chosen[], styles: Styles, width: number): string[] {
  const databases = plan.databases.flatMap((database) => {
    const choice = chosen.find((one) => one.database.name === database.name)
    return choice === undefined ? [] : databaseLines(database, choice)
  })
  const { problems, warnings } = plan
  const found = problems.slice(0, mostProblems).flatMap((one) => failureLines(one, styles))
  const more = problems.length - mostProblems
  return [
    '',
    styles.bold('What is replicated'),
    ...databases.map((line) => cut(line, width)),
    `  ${styles.bold(totalWords(plan))}`,
    ...found,
    ...(more > 0 ? [styles.dim(`  and ${plural(more, 'more problem')}`)] : []),
    ...(warnings.length === 0 ? [] : [styles.dim(`  ${plural(warnings.length, 'warning')}, told in the result`)]),
  ]
}

const mostProblems = 5

function databaseLines(plan: DatabasePlan, { excluded, schemaOnly, limited }: Chosen): string[] {
  const names = (tables: readonly OfferedTable[]) => tables.map(displayName).join(', ')
  return [
    `  ${displayPart(plan.name)}, ${actions[plan.action]}: ${sizeWords([plan])}`,
    ...(excluded.length === 0 ? [] : [`    left out: ${names(excluded)}`]),
    ...(schemaOnly.length === 0 ? [] : [`    without rows: ${names(schemaOnly)}`]),
    ...limited.map(
      ({ table, column, window }) => `    ${displayName(table)}: rows whose ${displayPart(column)} is in the last ${windowText(window)}`,
    ),
  ]
}

const actions: { readonly [action in DatabaseAction]: string } = {
  create: 'created on the target',
  fill: 'into the empty database of that name',
  resume: 'going on where an earlier run ended',
  complete: 'copied already',
  recreate: 'dropped on the target and made anew',
}

function totalWords(plan: Plan): string {
  const time = plan.estimatedSeconds === null ? '' : `, about ${formatRoughDuration(plan.estimatedSeconds)}`
  return `${plural(plan.databases.length, 'database')}, ${sizeWords(plan.databases)}${time}`
}

function sizeWords(databases: readonly DatabasePlan[]): string {
  const tables = databases.flatMap((one) => one.tables).filter(({ rule }) => rule === 'copy' || rule === 'filtered')
  const rows = tables.reduce((sum, table) => sum + table.estimatedRows, 0n)
  const bytes = tables.reduce((sum, table) => sum + table.heapBytes + table.toastBytes, 0n)
  return `${plural(tables.length, 'table')}, about ${formatEstimate(rows)} rows, ${formatBytes(bytes)}`
}
