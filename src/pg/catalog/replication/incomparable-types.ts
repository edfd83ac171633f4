/**
 * The oids of types that have no equality, for a recursive WITH: base types without a default btree or hash operator class, of their own or of what they
 * stand for (varchar for text); arrays and domains of such; composites with such a field. Enums and ranges always have one.
 */
export const incomparableTypes = `
            select t.oid
              from pg_catalog.pg_type t
             where t.typtype = 'b'
               and not (t.typelem <> 0 and t.typlen = -1)
               and not exists (
                     select
                       from pg_catalog.pg_opclass o
                       join pg_catalog.pg_am m on m.oid = o.opcmethod and m.amname in ('btree', 'hash')
                      where o.opcdefault
                        and (o.opcintype = t.oid
                             or o.opcintype in (
                                  select k.casttarget
                                    from pg_catalog.pg_cast k
                                   where k.castsource = t.oid and k.castmethod = 'b' and k.castcontext = 'i')))
            union
            select holder.oid
              from incomparable i
              join (
                     select t.oid, t.typbasetype as part from pg_catalog.pg_type t where t.typtype = 'd'
                     union all
                     select t.oid, t.typelem from pg_catalog.pg_type t where t.typtype = 'b' and t.typlen = -1
                     union all
                     select c.reltype, a.atttypid
                       from pg_catalog.pg_attribute a
                       join pg_catalog.pg_class c on c.oid = a.attrelid and c.reltype <> 0
                      where a.attnum > 0 and not a.attisdropped) holder on holder.part = i.oid`
