import type { ColumnTransfer, ObservedColumn } from './observed.ts'

export interface FormatConditions {
  /** Of the source's database. */
  readonly encoding: string
  /** `server_version_num` of the target. */
  readonly targetVersion: number
  /** Version of each extension on the source. */
  readonly sourceExtensions: ReadonlyMap<string, string>
  /** The version that the target has or will have. */
  readonly targetExtensions: ReadonlyMap<string, string>
}

/**
 * Binary only if it's right for every column that is copied: a wrong one arrives as another value without any error.
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
export function copyFormat(columns: readonly Pick<ObservedColumn, 'transfer'>[], conditions: FormatConditions): 'binary' | 'text' {
  // Strings in binary always pass through the sessions' UTF8, which not every string of another encoding survives; in text they needn't.
  return conditions.encoding === 'UTF8' && columns.length > 0 && columns.every(({ transfer }) => isBinarySafe(transfer, conditions))
    ? 'binary'
    : 'text'
}

function isBinarySafe(transfer: ColumnTransfer, { targetVersion, sourceExtensions, targetExtensions }: FormatConditions): boolean {
  switch (transfer.kind) {
    case 'binary':
      return true
    case 'binary-from-14':
      return targetVersion >= 140000
    case 'binary-from-17':
      return targetVersion >= 170000
    case 'extension': {
      const version = sourceExtensions.get(transfer.extension)
      return version !== undefined && targetExtensions.get(transfer.extension) === version
    }
    case 'text':
    case 'none':
      return false
  }
}
