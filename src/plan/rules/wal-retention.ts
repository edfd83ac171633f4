import { type Problem, type Warning, warning } from '../../errors.ts'
import type { ObservedServer } from '../observed.ts'
import type { RuleInput } from './rule.ts'

/** Bytes of rows per second, where nothing was measured: slow, so that the warning comes rather too early. */
const assumedRate = 20_000_000

/** The slot has to keep the log for the copy, and for catching up with it as well. */
const margin = 2

/** A slot is lost when it holds back more than this; in megabytes. https://www.postgresql.org/docs/current/runtime-config-replication.html */
export function walRetention(input: RuleInput): (Problem | Warning)[] {
  const { source, replication } = input.observed
  if (replication === null || input.config.command === 'sync') return []
  const seconds = input.estimatedSeconds ?? assumedSeconds(input)
  return [...keptSize(source, replication.source.walBytesPerSecond, seconds), ...idleSlots(source, seconds)]
}

function keptSize(source: ObservedServer, rate: number | null, seconds: number): Warning[] {
  const megabytes = Number(source.settings.get('max_slot_wal_keep_size') ?? -1)
  const needed = (rate ?? 0) * seconds * margin
  if (megabytes < 0 || needed <= megabytes * 1024 * 1024) return []
  return [
    warning(
      'wal-retention',
      `The source writes ${mebibytes(rate ?? 0)} of log per second; in ${minutes(seconds)} of copying, and catching up, a slot would have to keep ${mebibytes(needed)}, and may keep ${megabytes.toLocaleString('en-US')} MB.`,
      {
        hint: 'Raise max_slot_wal_keep_size for that time (with the disk to hold it), or copy while less is written.',
        sql: `ALTER SYSTEM SET max_slot_wal_keep_size = '${Math.ceil(needed / 1024 / 1024)}MB';\nSELECT pg_reload_conf();`,
      },
    ),
  ]
}

/** From 18 on, a slot that nobody reads for so long is lost too; while rows are copied nobody does. */
function idleSlots(source: ObservedServer, seconds: number): Warning[] {
  const timeout = Number(source.settings.get('idle_replication_slot_timeout') ?? 0)
  if (timeout <= 0 || seconds * margin < timeout) return []
  return [
    warning('wal-retention', `The source drops slots that were idle for ${minutes(timeout)}, and copying may take ${minutes(seconds)}.`, {
      hint: 'Raise idle_replication_slot_timeout for that time; 0 turns it off.',
      sql: 'ALTER SYSTEM SET idle_replication_slot_timeout = 0;\nSELECT pg_reload_conf();',
    }),
  ]
}

function assumedSeconds({ databases }: RuleInput): number {
  const tables = databases
    .flatMap((database) => database.tables)
    .filter(({ rule, copied }) => !copied && (rule === 'copy' || rule === 'filtered'))
  const bytes = tables.reduce((sum, { relation }) => sum + relation.heapBytes + relation.toastBytes + relation.indexBytes, 0n)
  return Number(bytes) / assumedRate
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toLocaleString('en-US', { maximumFractionDigits: bytes < 10 * 1024 * 1024 ? 1 : 0 })} MB`
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60).toLocaleString('en-US')} min`
}
