/**
 * The SQLSTATEs that decisions are made on.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const sqlstate = {
  protocolViolation: '08P01',
  invalidAuthorization: '28000',
  invalidPassword: '28P01',
  invalidCatalogName: '3D000',
  invalidSchemaName: '3F000',
  tooManyConnections: '53300',
  insufficientPrivilege: '42501',
  undefinedTable: '42P01',
  undefinedFunction: '42883',
  undefinedObject: '42704',
  foreignKeyViolation: '23503',
  uniqueViolation: '23505',
  duplicateObject: '42710',
  duplicateDatabase: '42P04',
  invalidParameterValue: '22023',
  invalidTextRepresentation: '22P02',
  queryCanceled: '57014',
  adminShutdown: '57P01',
  crashShutdown: '57P02',
  cannotConnectNow: '57P03',
  objectInUse: '55006',
  lockNotAvailable: '55P03',
  deadlock: '40P01',
  serializationFailure: '40001',
  internalError: 'XX000',
} as const

/** Failures that pass by themselves: connection exceptions (class 08), shutdowns, deadlocks, exhausted connections. */
export function isTransient(state: string | undefined): boolean {
  if (state === undefined) return false
  const passing: readonly string[] = [
    sqlstate.tooManyConnections,
    sqlstate.adminShutdown,
    sqlstate.crashShutdown,
    sqlstate.cannotConnectNow,
    sqlstate.deadlock,
    sqlstate.serializationFailure,
  ]
  return state.startsWith('08') || passing.includes(state)
}
