import { problem, warning } from '../../../src/errors.ts'
import type { CommandResult, TableResult } from '../../../src/plan/results.ts'

/** Names that could drive a terminal, the runner, Markdown, HTML or a diagram. */
export const hostileName = '::error::x ##[warning]y\n::set-output name=z::\u001b[2J<img src=x onerror=1>|`*_[a](b) @me #1 "q" &amp; : ; %%'

export function table(more: Partial<TableResult> = {}): TableResult {
  const sizes = { heapBytes: 8_388_608n, toastBytes: 1_048_576n, indexBytes: 2_097_152n }
  return { schema: 'public', name: 'film', rule: 'copy', estimatedRows: 1000n, ...sizes, format: 'binary', parts: 1, ...more }
}

export function copied(more: Partial<TableResult> = {}): TableResult {
  return table({ copiedRows: 1000n, copiedBytes: 9_000_000n, seconds: 1.5, ...more })
}

export function verified(result: 'equal' | 'different' | 'skipped', more: Partial<TableResult> = {}): TableResult {
  const checksums = {
    sourceChecksum: '0123456789abcdef'.repeat(2),
    targetChecksum: (result === 'equal' ? '0123456789abcdef' : 'fedcba9876543210').repeat(2),
  }
  const verify = result === 'skipped' ? { sourceChecksum: null, targetChecksum: null, reason: 'it has no rows' } : checksums
  return table({ verify: { result, sourceRows: 1000n, targetRows: 1000n, ...verify }, ...more })
}

export function result(command: string, tables: readonly TableResult[], more: Partial<CommandResult> = {}): CommandResult {
  const server = (host: string) => ({ host, port: 5432, version: '17.10', versionNumber: 170_010, systemIdentifier: '7300' })
  return {
    command,
    outcome: 'done',
    startedAt: new Date('2026-11-23T10:00:00Z'),
    finishedAt: new Date('2026-11-23T10:01:30Z'),
    source: server('old.example'),
    target: server('new.example'),
    problems: [],
    warnings: [],
    databases: [{ name: 'shop', tables }],
    ...more,
  }
}

export const failure = problem('copy-failed', 'disk full', { database: 'shop', relation: '"public"."film"', hint: 'Free some space.' })
export const concern = warning('long-transaction', 'one transaction has been open for 2 hours', { sql: 'select pg_terminate_backend(1);' })
