import { literal } from '../../../sql/identifier.ts'

/** Run by the superuser: what belongs to the server rather than to the shop. `shop_owner` is an ordinary role that may replicate, as at most providers. */
export function rolesSql(password: string): string {
  return `
create role shop_readonly nologin;
create role shop_reporting nologin;
create role shop_marketing nologin;
create role shop_owner login replication password ${literal(password)};
create role shop_app login connection limit 40 password ${literal(password)};
create role "Ana Ruiz" login valid until '2035-12-31' password ${literal(password)};

grant shop_reporting, shop_marketing to shop_owner;
grant shop_readonly to shop_app, shop_reporting, "Ana Ruiz";
grant shop_marketing to "Ana Ruiz" with admin option;

alter role shop_app set statement_timeout = '15s';
alter role shop_app set search_path = shop, public;
alter role "Ana Ruiz" set default_transaction_read_only = on;

comment on role shop_app is 'The web shop; one connection per worker';
`
}

/** Run by the superuser within the new database. */
export const databaseSql = `
comment on database shop is 'Film rental, since 2005';
alter database shop set timezone = 'Europe/Madrid';
alter database shop set lock_timeout = '10s';
alter role "Ana Ruiz" in database shop set work_mem = '64MB';
revoke connect on database shop from public;
grant connect, temporary on database shop to shop_app, shop_readonly;
create extension citext schema public;
create extension btree_gist schema public;
create extension pg_trgm schema public;
`
