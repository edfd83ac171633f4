import type { TestDatabase } from './database-pair.ts'

/** About `megabytes` of rows in tables of very different sizes, with indexes, keys between them, a view of rows, and large objects. */
export async function loadSized(database: TestDatabase, megabytes: number): Promise<void> {
  const rows = megabytes * 1200
  await database.query(`
    create table wide as
      select n as id, md5(n::text)::uuid as uid, repeat(md5(n::text), 8) as text, jsonb_build_object('n', n, 'odd', n % 2 = 1) as doc, now() - n * interval '1 s' as at
        from generate_series(1, ${rows}) n;
    alter table wide add primary key (id);
    create index on wide (uid);
    create index on wide (at desc, id);
    create table narrow as select n as id, 1 + n % ${rows} as wide_id from generate_series(1, ${rows * 4}) n;
    alter table narrow add primary key (id);
    alter table narrow add foreign key (wide_id) references wide;
    create index on narrow (wide_id);
    create materialized view totals as select wide_id % 10 as bucket, count(*) from narrow group by 1;
    create sequence counted; select setval('counted', 4711);
    select lo_from_bytea(0, decode(repeat(md5(n::text), 400), 'hex')) from generate_series(1, 300) n;
    do $$ begin
      for i in 1..30 loop
        execute format('create table t%s as select n as id, md5(n::text) as value from generate_series(1, 500) n', i);
        execute format('alter table t%s add primary key (id)', i);
      end loop;
    end $$;
    analyze`)
}
