import type { Secret } from '../../config/secret.ts'
import type { ObservedRole } from '../../plan/observed.ts'
import type { RoleAttribute } from '../../plan/role-rules.ts'
import { identifier, literal } from '../../sql/identifier.ts'

/** One clause of CREATE ROLE or ALTER ROLE; `what` names it in messages, without its value. */
export interface RoleClause {
  readonly what: string
  readonly sql: string
}

/**
 * What a role has beyond the defaults. The defaults aren't spelled: to say NOSUPERUSER needs a superuser as well.
 * https://www.postgresql.org/docs/current/sql-createrole.html
 */
export function roleClauses(role: ObservedRole, attributes: readonly RoleAttribute[], verifier: Secret | undefined): RoleClause[] {
  const clauses: (RoleClause | false)[] = [
    role.login && { what: 'LOGIN', sql: 'login' },
    !role.inherit && { what: 'NOINHERIT', sql: 'noinherit' },
    ...attributes.map((attribute) => ({ what: attribute, sql: attribute.toLowerCase() })),
    role.connectionLimit !== -1 && { what: 'its connection limit', sql: `connection limit ${role.connectionLimit}` },
    role.validUntil !== null && { what: 'its validity', sql: `valid until ${literal(role.validUntil)}` },
    verifier !== undefined && { what: 'its password', sql: `password ${literal(verifier.reveal())}` },
  ]
  return clauses.filter((clause) => clause !== false)
}

export function createRoleStatement(name: string, clauses: readonly RoleClause[]): string {
  return ['create role', identifier(name), ...clauses.map(({ sql }) => sql)].join(' ')
}

/** What tells two roles of the same name apart; passwords aside. */
export function differingAttributes(source: ObservedRole, target: ObservedRole): string[] {
  const compared: readonly (readonly [string, (role: ObservedRole) => unknown])[] = [
    ['SUPERUSER', (role) => role.superuser],
    ['CREATEDB', (role) => role.createDatabase],
    ['CREATEROLE', (role) => role.createRole],
    ['REPLICATION', (role) => role.replication],
    ['BYPASSRLS', (role) => role.bypassRls],
    ['LOGIN', (role) => role.login],
    ['INHERIT', (role) => role.inherit],
    ['connection limit', (role) => role.connectionLimit],
    ['validity', (role) => role.validUntil],
  ]
  return compared.filter(([, read]) => read(source) !== read(target)).map(([what]) => what)
}
