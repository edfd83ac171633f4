/** A condition: the object of that catalog belongs to an extension, which brings it. */
export function isExtensionMember(catalog: string, oid: string): string {
  return `exists (
          select
            from pg_catalog.pg_depend d
           where d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
             and d.objid = ${oid}
             and d.deptype = 'e')`
}
