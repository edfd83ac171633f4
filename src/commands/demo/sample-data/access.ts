/** Who may do what, and what it's all for. Run by `shop_owner`. */
export const accessSql = `
set search_path = shop, public;

grant usage on schema shop, analytics to shop_readonly;
grant usage, create on schema shop to shop_marketing;
grant select on all tables in schema shop to shop_readonly;
revoke select on customer from shop_readonly;
grant select (id, store, first_name, active) on customer to shop_readonly;
grant select, insert, update on customer, rental, payment, review to shop_app;
grant delete on payment to shop_app;
grant select on all tables in schema analytics to shop_readonly with grant option;
grant usage on sequence invoice_number to shop_app;
revoke execute on procedure hand_back(bigint) from public;
grant execute on procedure hand_back(bigint) to shop_app;
grant usage on type rating to shop_app;

alter materialized view analytics.revenue owner to shop_reporting;
alter table "Notes to self" owner to shop_marketing;

alter default privileges in schema shop grant select on tables to shop_readonly;
alter default privileges in schema shop grant usage on sequences to shop_app;
alter default privileges for role shop_reporting revoke execute on functions from public;

comment on table rental is 'Who has which copy. One row each time a film leaves the shop.';
comment on column rental.returned is 'null: still with the customer';
comment on constraint one_shift_at_a_time on store_hours is 'The shop is open or it isn''t.';
comment on index film_title is 'For the search box';
comment on materialized view analytics.revenue is 'Refreshed every night';
comment on function in_stock(integer, integer) is E'Copies on the shelf.\\n:: and not in a bag';
`

/** Posters as large objects: of a role of its own, granted and commented. */
export const largeObjectSql = `
set search_path = shop, public;

update film
   set poster = lo_from_bytea(0, (select decode(string_agg(md5(film.id || '.' || block), ''), 'hex')
                                    from generate_series(1, 4096) as block))
 where id <= 24;

do $body$
declare
  film record;
begin
  for film in select id, poster, title from shop.film where poster is not null loop
    execute format('comment on large object %s is %L', film.poster, 'Poster of ' || film.title);
    execute format('grant select on large object %s to shop_readonly', film.poster);
    if film.id % 3 = 0 then
      execute format('alter large object %s owner to shop_marketing', film.poster);
    end if;
  end loop;
end
$body$;
`
