import { literal } from './identifier.ts'

/** Begins a transaction that reads what an exported snapshot sees, and can write nothing. */
export function beginUnderSnapshotSql(snapshot: string): string {
  return `begin isolation level repeatable read, read only;\nset transaction snapshot ${literal(snapshot)}`
}
