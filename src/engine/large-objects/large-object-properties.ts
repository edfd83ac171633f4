import { z } from 'zod'
import type { Session } from '../../pg/session.ts'
import { identifier, literal } from '../../sql/identifier.ts'
import type { LargeObject } from './large-object-content.ts'

export interface PropertyStatement {
  /** Who must run it, for the grantor to be the same. */
  readonly as: string
  /** For messages. */
  readonly what: string
  readonly sql: string
}

/** Comments, labels and grants of a page, as few statements as can be: a grant names many objects at once. */
export async function readProperties(source: Session, page: readonly LargeObject[]): Promise<PropertyStatement[]> {
  const owners = new Map(page.map(({ oid, owner }) => [oid, owner]))
  return [...comments(page), ...(await labels(source, owners)), ...(await grants(source, page))]
}

function comments(page: readonly LargeObject[]): PropertyStatement[] {
  const byOwner = new Grouped()
  for (const { oid, owner, comment } of page) {
    if (comment !== null) byOwner.add(owner, `comment on large object ${oid} is ${literal(comment)}`)
  }
  return byOwner.entries().map(([as, statements]) => ({ as, what: 'their comments', sql: statements.join(';\n') }))
}

async function labels(source: Session, owners: ReadonlyMap<number, string>): Promise<PropertyStatement[]> {
  const rows = await source.rows(
    z.object({ oid: z.number(), provider: z.string(), label: z.string() }),
    `select objoid as oid, provider, label
       from pg_catalog.pg_seclabel
      where classoid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass
        and objoid = any ($1::oid[])`,
    [[...owners.keys()]],
  )
  const byOwner = new Grouped()
  for (const { oid, provider, label } of rows) {
    byOwner.add(owners.get(oid) ?? '', `security label for ${identifier(provider)} on large object ${oid} is ${literal(label)}`)
  }
  return byOwner.entries().map(([as, statements]) => ({ as, what: 'their security labels', sql: statements.join(';\n') }))
}

const grantRow = z.object({
  oid: z.number(),
  grantor: z.string(),
  /** Null: PUBLIC. */
  grantee: z.string().nullable(),
  privilege: z.string(),
  grantable: z.boolean(),
})

const privileges = ['SELECT', 'UPDATE']

/** An owner has all by default, and may have taken it from himself. What the owner granted comes first: others pass on what they have. */
async function grants(source: Session, page: readonly LargeObject[]): Promise<PropertyStatement[]> {
  const owners = new Map(page.filter(({ hasGrants }) => hasGrants).map(({ oid, owner }) => [oid, owner]))
  if (owners.size === 0) return []
  const rows = await source.rows(
    grantRow,
    `select l.oid,
            pg_catalog.pg_get_userbyid(a.grantor)::text as grantor,
            case when a.grantee <> 0 then pg_catalog.pg_get_userbyid(a.grantee)::text end as grantee,
            a.privilege_type as privilege,
            a.is_grantable as grantable
       from pg_catalog.pg_largeobject_metadata l
      cross join pg_catalog.aclexplode(l.lomacl) a
      where l.oid = any ($1::oid[])
      order by a.grantor <> l.lomowner, l.oid`,
    [[...owners.keys()]],
  )
  const granted = new Grouped()
  const owned = new Set<string>()
  for (const { oid, grantor, grantee, privilege, grantable } of rows) {
    if (grantee === owners.get(oid)) owned.add(`${oid} ${privilege}`)
    else granted.add(JSON.stringify([grantor, privilege, grantee, grantable]), String(oid))
  }
  const revoked = new Grouped()
  for (const [oid, owner] of owners) {
    for (const privilege of privileges) if (!owned.has(`${oid} ${privilege}`)) revoked.add(JSON.stringify([owner, privilege]), String(oid))
  }
  return [...granted.entries().map(grantStatement), ...revoked.entries().map(revokeStatement)]
}

function grantStatement([key, oids]: readonly [string, readonly string[]]): PropertyStatement {
  const [as, privilege, grantee, grantable] = z.tuple([z.string(), z.string(), z.string().nullable(), z.boolean()]).parse(JSON.parse(key))
  const to = grantee === null ? 'public' : identifier(grantee)
  const sql = `grant ${privilege.toLowerCase()} on large object ${oids.join(', ')} to ${to}${grantable ? ' with grant option' : ''}`
  return { as, what: `the grants of ${privilege} to ${to}`, sql }
}

function revokeStatement([key, oids]: readonly [string, readonly string[]]): PropertyStatement {
  const [as, privilege] = z.tuple([z.string(), z.string()]).parse(JSON.parse(key))
  return {
    as,
    what: `the owner's loss of ${privilege}`,
    sql: `revoke ${privilege.toLowerCase()} on large object ${oids.join(', ')} from ${identifier(as)}`,
  }
}

/** Texts under a key, in the order in which the keys first came. */
class Grouped {
  readonly #groups = new Map<string, string[]>()

  add(key: string, text: string): void {
    const group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, [text])
    else group.push(text)
  }

  entries(): (readonly [string, readonly string[]])[] {
    return [...this.#groups]
  }
}
