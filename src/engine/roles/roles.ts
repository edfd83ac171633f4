import { z } from 'zod'
import { Secret } from '../../config/secret.ts'
import { type Warning, warning } from '../../errors.ts'
import type { Emit } from '../../events.ts'
import { readRoles } from '../../pg/catalog/roles.ts'
import type { Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'
import type { Observed, ObservedRole, ObservedServer } from '../../plan/observed.ts'
import { isReservedRole, settableAttributes } from '../../plan/role-rules.ts'
import { identifier } from '../../sql/identifier.ts'
import { collectWarnings, isRefusal, serverHint, type Warnings } from '../warnings.ts'
import { grantParameters } from './parameter-grants.ts'
import { grantMemberships } from './role-memberships.ts'
import { applyRoleProperties } from './role-properties.ts'
import { createRoleStatement, differingAttributes, roleClauses } from './role-statements.ts'
import { withoutStatementLog } from './without-statement-log.ts'

interface MergeRoles {
  readonly source: Session
  readonly target: Session
  readonly observed: Pick<Observed, 'source' | 'target'>
  readonly emit: Emit
  readonly signal: AbortSignal
}

/**
 * Creates the roles that the target lacks, statement by statement, so that one that can't be made stops no other. A role that's
 * there already keeps its attributes, password and settings, and gets the memberships and settings that it lacks.
 */
export async function mergeRoles({
  source,
  target,
  observed,
  emit,
  signal,
}: MergeRoles): Promise<{ readonly warnings: readonly Warning[] }> {
  const warnings = collectWarnings(emit)
  const roles = observed.source.roles.filter(({ name }) => !isReservedRole(name))
  await createMissing({ source, target, observed, emit, signal }, roles, warnings)
  signal.throwIfAborted()
  const after = await readRoles(target)
  await applyRoleProperties({ source, target, roles, existing: after, warnings, signal })
  await grantMemberships({
    target,
    roles,
    existing: after,
    server: observed.target,
    sourceVersion: observed.source.versionNumber,
    warnings,
    signal,
  })
  await grantParameters({ source, target, warnings })
  return { warnings: warnings.list }
}

async function createMissing({ source, target, observed, signal }: MergeRoles, roles: readonly ObservedRole[], warnings: Warnings) {
  const before = await readRoles(target)
  const server: ObservedServer = { ...observed.target, roles: before }
  const existing = new Map(before.map((role) => [role.name, role]))
  const verifiers = await readVerifiers(source)
  const withoutPassword: string[] = []
  await withoutStatementLog(target, server.superuser, async () => {
    for (const role of roles) {
      signal.throwIfAborted()
      const own = existing.get(role.name)
      if (own !== undefined) reportConflict(role, own, warnings)
      else if ((await createRole(target, role, server, verifiers.get(role.name), warnings)) && role.login && !role.passwordReadable) {
        withoutPassword.push(role.name)
      }
    }
  })
  if (withoutPassword.length > 0) reportPasswords(withoutPassword, warnings)
}

/** SCRAM and md5 verifiers move as they are: https://www.postgresql.org/docs/current/catalog-pg-authid.html */
async function readVerifiers(source: Session): Promise<ReadonlyMap<string, Secret>> {
  const { readable } = await source.one(
    z.object({ readable: z.boolean() }),
    `select pg_catalog.has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'select')
        and pg_catalog.has_column_privilege('pg_catalog.pg_authid', 'rolname', 'select') as readable`,
  )
  if (!readable) return new Map()
  const rows = await source.rows(
    z.object({ name: z.string(), verifier: z.string().transform((text) => new Secret(text)) }),
    `select rolname::text as name, rolpassword as verifier
       from pg_catalog.pg_authid
      where rolpassword is not null`,
  )
  return new Map(rows.map(({ name, verifier }) => [name, verifier]))
}

/** Whether the role is there now, made by us. */
async function createRole(
  target: Session,
  role: ObservedRole,
  server: ObservedServer,
  verifier: Secret | undefined,
  warnings: Warnings,
): Promise<boolean> {
  const { settable, skipped } = settableAttributes(role, server)
  const clauses = roleClauses(role, settable, verifier)
  const name = identifier(role.name)
  try {
    await target.run(createRoleStatement(role.name, clauses))
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (error.server?.sqlstate === sqlstate.duplicateObject) return false
    // Providers refuse single clauses (ready-made verifiers, for one): the bare role first, then one clause at a time.
    const made = await warnings.attempt(
      () => target.run(createRoleStatement(role.name, [])),
      (error) =>
        warning('role-failed', `role ${name} was not created: ${error.message}`, { hint: serverHint(error), sql: `CREATE ROLE ${name}` }),
    )
    if (!made) return false
    for (const clause of clauses) {
      await warnings.attempt(
        () => target.run(`alter role ${name} with ${clause.sql}`),
        (error) =>
          warning('role-attribute-skipped', `role ${name} was created without ${clause.what}: ${error.message}`, {
            hint: serverHint(error),
          }),
      )
    }
  }
  if (skipped.length > 0) {
    warnings.add(
      warning(
        'role-attribute-skipped',
        `role ${name} was created without ${skipped.join(', ')}: ${identifier(server.user)} may not give it`,
        {
          hint: 'Have it given by a superuser of the target, if it is needed there.',
          sql: `ALTER ROLE ${name} ${skipped.join(' ')}`,
        },
      ),
    )
  }
  return true
}

function reportConflict(source: ObservedRole, target: ObservedRole, warnings: Warnings): void {
  const differing = differingAttributes(source, target)
  if (differing.length === 0) return
  const name = identifier(source.name)
  warnings.add(
    warning(
      'role-attribute-skipped',
      `role ${name} is on the target already and stays as it is; on the source it differs in ${differing.join(', ')}`,
      {
        hint: `Compare the two with \\du in psql, and change the target's with ALTER ROLE if it should be as the source's.`,
      },
    ),
  )
}

function reportPasswords(names: readonly string[], warnings: Warnings): void {
  warnings.add(
    warning(
      'role-password-unreadable',
      `created without a password, since the source's are unreadable: ${names.map(identifier).join(', ')}`,
      {
        hint: 'Set them on the target, in psql: \\password followed by the name. Or connect to the source as a superuser.',
      },
    ),
  )
}
