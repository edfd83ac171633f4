import { identifier, literal } from './identifier.ts'

/** https://www.postgresql.org/docs/current/sql-createsubscription.html */

export interface NewSubscription {
  readonly name: string
  readonly conninfo: string
  readonly publications: readonly string[]
  readonly slot: string
  /** The server's own table synchronisation brings the rows; else they're there. */
  readonly tableSync: boolean
  /** Both servers have 17 or later: the slot is made known to the source's standbys, and stays so. */
  readonly failover: boolean
}

/** The statement holds the password: to be run with statement logging off where that may be set. */
export function createSubscriptionSql(one: NewSubscription): string {
  const options = [
    'create_slot = false',
    `slot_name = ${literal(one.slot)}`,
    `copy_data = ${one.tableSync}`,
    ...(one.failover ? ['failover = true'] : []),
  ]
  return `create subscription ${identifier(one.name)} connection ${literal(one.conninfo)} publication ${names(one.publications)} with (${options.join(', ')})`
}

export function commentSubscriptionSql(name: string, comment: string): string {
  return `comment on subscription ${identifier(name)} is ${literal(comment)}`
}

/**
 * To be rolled back: it makes the target dial the source and look the publications up, and leaves nothing on either.
 * `slot_name = NONE` needs no slot.
 */
export function probeSubscriptionSql(name: string, conninfo: string): string {
  return `create subscription ${identifier(name)} connection ${literal(conninfo)} publication ${identifier(name)} with (slot_name = none, create_slot = false, enabled = false, copy_data = true)`
}

export function enableSql(name: string): string {
  return `alter subscription ${identifier(name)} enable`
}

export function disableSql(name: string): string {
  return `alter subscription ${identifier(name)} disable`
}

export function setConnectionSql(name: string, conninfo: string): string {
  return `alter subscription ${identifier(name)} connection ${literal(conninfo)}`
}

/** The tables stay what they are until it's refreshed. */
export function setPublicationsSql(name: string, publications: readonly string[]): string {
  return `alter subscription ${identifier(name)} set publication ${names(publications)} with (refresh = false)`
}

/** Takes the publications' tables in that it doesn't have yet, and leaves out those that are gone. */
export function refreshSql(name: string, copyData: boolean): string {
  return `alter subscription ${identifier(name)} refresh publication with (copy_data = ${copyData})`
}

export function setSlotSql(name: string, slot: string): string {
  return `alter subscription ${identifier(name)} set (slot_name = ${literal(slot)})`
}

/** Parts it from its slot, so that dropping it needs no word with the source. It must be disabled. */
export function detachSlotSql(name: string): string {
  return `alter subscription ${identifier(name)} set (slot_name = none)`
}

/** Several statements, one transaction: what has no slot may be dropped in one. */
export function detachAndDropSql(name: string): string {
  return [disableSql(name), detachSlotSql(name), dropSubscriptionSql(name)].join(';\n')
}

export function dropSubscriptionSql(name: string): string {
  return `drop subscription if exists ${identifier(name)}`
}

function names(publications: readonly string[]): string {
  return publications.map(identifier).join(', ')
}
