/** Tables and their partitions, from $1, their schemas, and $2, their names: `member` has the oids. Needs `with`, or `with recursive`, before it. */
export const tableMembers = `
  named as (
    select c.oid
      from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as t(schema, name)
      join pg_catalog.pg_namespace n on n.nspname = t.schema
      join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.name
  ), member as (
    select oid from named
    union
    select tree.relid::pg_catalog.oid from named, pg_catalog.pg_partition_tree(named.oid) as tree
  )`
