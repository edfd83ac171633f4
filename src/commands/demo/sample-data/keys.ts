/** Keys and indexes: once the rows are there, as any loader would do it. */
export const catalogueKeys = `
set search_path = shop, public;
set maintenance_work_mem = '128MB';

alter table film add constraint film_pkey primary key (id);
alter table actor add constraint actor_pkey primary key (id);
alter table film_actor add primary key (film, actor);
alter table film_category add primary key (film, category);
create index film_title on film using gin (title gin_trgm_ops);
create index film_search on film using gin (search);
create index film_features on film using gin (features) where features is not null;
create index review_film on review using hash (film);
create index review_written on review using brin (written);
alter table review add constraint review_stars check (stars between 1 and 5) not valid;
`

export const businessKeys = `
set search_path = shop, public;
set maintenance_work_mem = '128MB';

alter table inventory add primary key (id);
alter table customer
  add primary key (id),
  add constraint customer_email unique (email) deferrable initially deferred,
  alter column last_name set statistics 200;
alter table rental add primary key (id);
alter table payment add primary key (paid, id);
alter table visit add primary key (id);
alter table visit replica identity full;
create index customer_name on customer (lower(last_name) text_pattern_ops, first_name) include (store);
create index rental_open on rental (customer, rented desc) where returned is null;
create index rental_inventory on rental (inventory);
create index payment_customer on payment (customer);
create index visit_details on visit using gin (details jsonb_path_ops);
create statistics rental_habits (dependencies, ndistinct) on customer, staff from rental;
`

export const foreignKeys = `
set search_path = shop, public;

alter table category add foreign key (parent) references category on delete set null;
alter table store add foreign key (manager) references staff deferrable initially deferred;
alter table staff add foreign key (store) references store;
alter table film_actor add foreign key (film) references film on delete cascade, add foreign key (actor) references actor;
alter table film_category add foreign key (film) references film, add foreign key (category) references category;
alter table inventory add foreign key (film) references film, add foreign key (store) references store;
alter table rental add foreign key (inventory) references inventory, add foreign key (customer) references customer;
alter table payment add constraint payment_rental foreign key (rental) references rental;
alter table review add foreign key (film) references film;
`
