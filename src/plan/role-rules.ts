import type { ObservedRole, ObservedServer } from './observed.ts'
import { majorOf } from './server-version.ts'

export type RoleAttribute = 'SUPERUSER' | 'CREATEDB' | 'CREATEROLE' | 'REPLICATION' | 'BYPASSRLS'

const reserved = /^(pg_|rds|cloudsql|azure|neon|supabase)/

/** Roles of PostgreSQL itself or of a provider: they're there already, or can't be there at all. */
export function isReservedRole(name: string): boolean {
  return reserved.test(name)
}

/**
 * Which of a role's attributes our role on the target may give it. Only attributes that the role has are in question: to say NOSUPERUSER
 * needs a superuser as well. https://www.postgresql.org/docs/current/sql-createrole.html
 */
export function settableAttributes(
  role: ObservedRole,
  target: ObservedServer,
): { readonly settable: readonly RoleAttribute[]; readonly skipped: readonly RoleAttribute[] } {
  const wanted = attributesOf(role)
  const own = ownAttributes(target)
  const may = (attribute: RoleAttribute) =>
    own.has('SUPERUSER') || (own.has('CREATEROLE') && createRoleGives(attribute, majorOf(target), own))
  return { settable: wanted.filter(may), skipped: wanted.filter((attribute) => !may(attribute)) }
}

export function canCreateRoles(server: ObservedServer): boolean {
  return server.superuser || server.createRole
}

export function attributesOf(role: ObservedRole): RoleAttribute[] {
  const having: readonly (readonly [RoleAttribute, boolean])[] = [
    ['SUPERUSER', role.superuser],
    ['CREATEDB', role.createDatabase],
    ['CREATEROLE', role.createRole],
    ['REPLICATION', role.replication],
    ['BYPASSRLS', role.bypassRls],
  ]
  return having.filter(([, has]) => has).map(([attribute]) => attribute)
}

/** From 16 on a role gives what it has itself; before, CREATEROLE gave all but the three that were a superuser's. */
function createRoleGives(attribute: RoleAttribute, major: number, own: ReadonlySet<RoleAttribute>): boolean {
  if (attribute === 'CREATEROLE') return true
  return major >= 16 ? attribute !== 'SUPERUSER' && own.has(attribute) : attribute === 'CREATEDB'
}

/** The server's own flags count even where its list of roles lacks our role. */
function ownAttributes(server: ObservedServer): Set<RoleAttribute> {
  const role = server.roles.find((one) => one.name === server.user)
  const own = new Set(role ? attributesOf(role) : [])
  if (server.superuser) own.add('SUPERUSER')
  if (server.createDatabase) own.add('CREATEDB')
  if (server.createRole) own.add('CREATEROLE')
  if (server.replication) own.add('REPLICATION')
  return own
}
