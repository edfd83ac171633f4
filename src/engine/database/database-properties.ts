import { z } from 'zod'
import { warning } from '../../errors.ts'
import type { Session } from '../../pg/session.ts'
import type { DatabasePlan } from '../../plan/plan.ts'
import { identifier, literal } from '../../sql/identifier.ts'
import { settingAssignment } from '../../sql/setting.ts'
import { serverHint, type Warnings } from '../warnings.ts'

export interface DatabaseChange {
  readonly source: Session
  readonly target: Session
  readonly plan: DatabasePlan
  readonly warnings: Warnings
}

/** They would make our own sessions read-only or somebody else. */
const lateSettings = new Set(['default_transaction_read_only', 'transaction_read_only', 'role', 'session_authorization'])

/** Comment and security labels. */
export async function applyLabels(change: DatabaseChange): Promise<void> {
  const { source, plan } = change
  const { name, comment } = plan.source
  if (comment !== null) await apply(change, 'its comment', `comment on database ${identifier(name)} is ${literal(comment)}`)
  const labels = await source.rows(
    z.object({ provider: z.string(), label: z.string() }),
    `select l.provider, l.label
       from pg_catalog.pg_shseclabel l
       join pg_catalog.pg_database d on d.oid = l.objoid
      where l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
        and d.datname = $1`,
    [name],
  )
  for (const { provider, label } of labels) {
    await apply(
      change,
      'its security label',
      `security label for ${identifier(provider)} on database ${identifier(name)} is ${literal(label)}`,
    )
  }
}

export function applySettings(change: DatabaseChange): Promise<void> {
  return applySome(change, (name) => !lateSettings.has(name.toLowerCase()))
}

export async function applyLate(change: DatabaseChange): Promise<void> {
  const { name, connectionLimit, isTemplate } = change.plan.source
  await applySome(change, (setting) => lateSettings.has(setting.toLowerCase()))
  if (connectionLimit >= 0)
    await apply(change, 'its connection limit', `alter database ${identifier(name)} connection limit ${connectionLimit}`)
  if (isTemplate) await apply(change, 'being a template', `alter database ${identifier(name)} is_template true`)
}

export async function giveToOwner(change: DatabaseChange): Promise<void> {
  const { target, plan } = change
  const { owner } = await target.one(
    z.object({ owner: z.string() }),
    'select pg_catalog.pg_get_userbyid(datdba)::text as owner from pg_catalog.pg_database where datname = $1',
    [plan.name],
  )
  if (owner === plan.source.owner) return
  await apply(
    change,
    `the owner ${identifier(plan.source.owner)}`,
    `alter database ${identifier(plan.name)} owner to ${identifier(plan.source.owner)}`,
  )
}

/** What is set on the target already stays: someone prepared the database so. */
async function applySome(change: DatabaseChange, chosen: (setting: string) => boolean): Promise<void> {
  const { target, plan, warnings } = change
  const there = await readSettings(target, plan.name)
  const database = identifier(plan.name)
  for (const { role, name, value } of plan.source.settings.filter((setting) => chosen(setting.name))) {
    const whose = role === '' ? '' : ` for role ${identifier(role)}`
    const other = there.get(settingKey(role, name))
    if (other === value) continue
    if (other !== undefined) {
      warnings.add(
        warning(
          'statement-skipped',
          `database ${database} keeps the target's value of its setting ${name}${whose}; on the source it is another`,
          {
            database: plan.name,
            hint: 'Change it with ALTER DATABASE … SET on the target if it should be as on the source.',
          },
        ),
      )
      continue
    }
    const subject = role === '' ? `alter database ${database}` : `alter role ${identifier(role)} in database ${database}`
    await apply(
      change,
      `its setting ${name}${whose}`,
      `${subject} set ${settingAssignment(name, value)}`,
      `${subject} set ${identifier(name)} to …`,
    )
  }
}

async function readSettings(target: Session, database: string): Promise<ReadonlyMap<string, string>> {
  const rows = await target.rows(
    z.object({ role: z.string(), name: z.string(), value: z.string() }),
    `select coalesce(r.rolname::text, '') as role,
            pg_catalog.split_part(c.item, '=', 1) as name,
            pg_catalog.substr(c.item, pg_catalog.strpos(c.item, '=') + 1) as value
       from pg_catalog.pg_db_role_setting s
       join pg_catalog.pg_database d on d.oid = s.setdatabase
       left join pg_catalog.pg_roles r on r.oid = s.setrole
      cross join pg_catalog.unnest(s.setconfig) c(item)
      where d.datname = $1`,
    [database],
  )
  return new Map(rows.map(({ role, name, value }) => [settingKey(role, name), value]))
}

const settingKey = (role: string, name: string) => JSON.stringify([role, name])

/** `shown`: what a report may say of the statement. A setting's value may be the application's secret. */
async function apply({ target, plan, warnings }: DatabaseChange, what: string, sql: string, shown = sql): Promise<void> {
  await warnings.attempt(
    () => target.run(sql),
    (error) =>
      warning('statement-skipped', `database ${identifier(plan.name)} is without ${what}: ${error.message}`, {
        database: plan.name,
        hint: serverHint(error),
        sql: shown,
      }),
  )
}
