/** What runs in the database: functions, triggers, views, policies. */
export const programSql = `
set search_path = shop, public;

create function touch() returns trigger language plpgsql as $body$
begin
  new.updated := now();
  return new;
end
$body$;

create function in_stock(film integer, store integer default null) returns setof integer language sql stable parallel safe
  set search_path = shop as $body$
select i.id
  from inventory i
 where i.film = $1
   and ($2 is null or i.store = $2)
   and not exists (select from rental r where r.inventory = i.id and r.returned is null)
$body$;

create procedure hand_back(rental bigint) language sql as $body$
update shop.rental set returned = now() where id = $1
$body$;

create function glue(text, text) returns text language sql immutable as $body$ select coalesce($1 || ', ', '') || $2 $body$;
create aggregate glued(text) (sfunc = glue, stype = text);

create trigger film_search_update
  before insert or update on film
  for each row execute function tsvector_update_trigger(search, 'pg_catalog.english', title, description);

create trigger customer_touch
  before update on customer
  for each row when (old is distinct from new) execute function touch();
alter table customer disable trigger customer_touch;

alter table customer enable row level security;
create policy own_store on customer to shop_app
  using (store = current_setting('shop.store')::integer)
  with check (active);

create view film_list with (security_barrier) as
select f.id, f.title, f.rating, c.name as category, glued(a.first_name || ' ' || a.last_name order by a.last_name) as actors
  from film f
  join film_category fc on fc.film = f.id
  join category c on c.id = fc.category
  join film_actor fa on fa.film = f.id
  join actor a on a.id = fa.actor
 group by f.id, c.name;

create view open_rental as
select id, inventory, customer, rented
  from rental
 where returned is null
  with local check option;

create rule no_reviews_from_afar as on insert to review where new.customer < 0 do instead nothing;

create materialized view analytics.revenue as
select date_trunc('month', paid at time zone 'UTC')::date as month, count(*) as rentals, sum(amount) as amount
  from payment
 group by 1;
create unique index on analytics.revenue (month);

create materialized view analytics.best_month as
select month, amount, rank() over (order by amount desc) as place
  from analytics.revenue;
create materialized view analytics.of_tomorrow as select * from analytics.best_month with no data;
`
