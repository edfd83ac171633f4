import { z } from 'zod'
import { warning } from '../../errors.ts'
import type { Session } from '../../pg/session.ts'
import type { ObservedRole } from '../../plan/observed.ts'
import { identifier, literal } from '../../sql/identifier.ts'
import { settingAssignment } from '../../sql/setting.ts'
import { serverHint, type Warnings } from '../warnings.ts'

interface RoleProperties {
  readonly source: Session
  readonly target: Session
  readonly roles: readonly ObservedRole[]
  /** The target's roles as they are now. */
  readonly existing: readonly ObservedRole[]
  readonly warnings: Warnings
  readonly signal: AbortSignal
}

/** Settings, comments and security labels, where the target's role has none. */
export async function applyRoleProperties({ source, target, roles, existing, warnings, signal }: RoleProperties): Promise<void> {
  const there = new Map(existing.map((role) => [role.name, role]))
  const labels = await readLabels(source)
  for (const role of roles) {
    signal.throwIfAborted()
    const own = there.get(role.name)
    if (own === undefined) continue
    const name = identifier(role.name)
    // A setting's value may be the application's secret: `shown` is what a report may say of the statement.
    const apply = (what: string, sql: string, shown = sql) =>
      warnings.attempt(
        () => target.run(sql),
        (error) =>
          warning('role-attribute-skipped', `role ${name} is without ${what}: ${error.message}`, { hint: serverHint(error), sql: shown }),
      )
    for (const setting of role.settings) {
      const other = own.settings.find((one) => one.name === setting.name)
      if (other === undefined)
        await apply(
          `its setting ${setting.name}`,
          `alter role ${name} set ${settingAssignment(setting.name, setting.value)}`,
          `alter role ${name} set ${identifier(setting.name)} to …`,
        )
      else if (other.value !== setting.value) reportSetting(name, setting.name, warnings)
    }
    if (role.comment !== null && own.comment === null) await apply('its comment', `comment on role ${name} is ${literal(role.comment)}`)
    for (const { provider, label } of labels.get(role.name) ?? []) {
      await apply('its security label', `security label for ${identifier(provider)} on role ${name} is ${literal(label)}`)
    }
  }
}

function reportSetting(role: string, setting: string, warnings: Warnings): void {
  warnings.add(
    warning('role-attribute-skipped', `role ${role} keeps the target's value of its setting ${setting}; on the source it is another`, {
      hint: 'Change it with ALTER ROLE … SET on the target if it should be as on the source.',
    }),
  )
}

const labelRow = z.object({ role: z.string(), provider: z.string(), label: z.string() })

async function readLabels(source: Session): Promise<Map<string, z.infer<typeof labelRow>[]>> {
  const rows = await source.rows(
    labelRow,
    `select pg_catalog.pg_get_userbyid(objoid)::text as role, provider, label
       from pg_catalog.pg_shseclabel
      where classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass`,
  )
  const labels = new Map<string, z.infer<typeof labelRow>[]>()
  for (const row of rows) labels.set(row.role, [...(labels.get(row.role) ?? []), row])
  return labels
}
