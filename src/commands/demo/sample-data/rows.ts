const adjectives =
  'quiet,restless,forgotten,electric,hungry,golden,borrowed,honest,crooked,midnight,paper,seventh,wooden,distant,stubborn,unfinished'
const nouns = 'robot,lighthouse,baker,orchestra,penguin,detective,harbour,mountain,notary,circus,teacher,island,diver,railway,queen,clock'
const names = 'Ana,Béla,Chloé,Dmitri,Elif,Fatou,Grace,Hiro,Ingrid,Jesús,Kwame,Łucja,Mei,Noor,Øystein,Zoë'
const agents = 'Firefox,Chrome,Safari,Edge,curl,Lynx,Opera,Vivaldi,Brave,Konqueror,Epiphany,Falkon,Dillo,w3m,NetSurf,Links'

const words = `(select string_to_array('${adjectives}', ','), string_to_array('${nouns}', ','), string_to_array('${names}', ','),
          string_to_array('${agents}', ',')) as words (adjectives, nouns, names, agents)`

/**
 * Rows made on the spot by the server itself, the same each time: numbers are hashes of the row's number. Two scripts, for two
 * sessions side by side: without foreign keys nothing waits for anything. All else is in proportion to the number of films.
 */
export function catalogueRows(films: number): string {
  const actors = films / 4
  return `
set search_path = shop, public;

insert into category (parent, name)
values (null, 'Fiction'), (null, 'Documentary'), (1, 'Drama'), (1, 'Comedy'), (1, 'Horror'), (3, 'Court room'), (4, 'Slapstick'),
       (5, 'With "quotes" & <tags>'), (2, 'Nature'), (9, 'Penguins'), (1, 'Ciencia ficción'), (1, '時代劇');

insert into store (id, manager, address, phones)
select i, i, row('Main street ' || i, (array['Sevilla', 'Zürich', 'Kraków', '東京'])[i], '4100' || i)::address,
       array['+34 600 00' || i, null, '']
  from generate_series(1, 4) as i;

insert into staff (id, store, name, email, picture)
select i, 1 + i % 4, 'Clerk ' || i, 'Clerk' || i || '@Example.com', decode(repeat(md5(i::text), 200), 'hex')
  from generate_series(1, 40) as i;

insert into store_hours (store, open)
select store, tsrange(day + interval '9 hours', day + interval '21 hours')
  from generate_series(1, 4) as store, generate_series(timestamp '2025-01-01', '2025-12-31', '1 day') as day;

insert into film (title, description, year, rating, price, days, features, attributes)
select initcap(${pick('i', 'adjectives')} || ' ' || ${pick('i / 7', 'nouns')}) || ' ' || i,
       'A ' || ${pick('i * 3', 'adjectives')} || ' tale of a ' || ${pick('i * 5', 'nouns')} || ' and a ' || ${pick('i * 11', 'nouns')}
         || ' who must find each other in a ' || ${pick('i * 13', 'adjectives')} || ' ' || ${pick('i * 17', 'nouns')},
       case when i % 50 <> 0 then 1950 + i % 76 end,
       (enum_range(null::rating))[1 + i % 5],
       (99 + (hashint4(i) & 7) * 100) / 100.0,
       3 + i % 5,
       case when i % 4 <> 0 then (array['Trailers', 'Commentaries', 'Deleted scenes', null])[1:i % 5] end,
       jsonb_build_object('minutes', 60 + (hashint4(i) & 127), 'languages', array['es', 'en', 'ja'], 'awards', nullif(i % 9, 0))
  from generate_series(1, ${films}) as i, ${words};
update film set search = to_tsvector('pg_catalog.english', title || ' ' || description);

insert into actor (first_name, last_name, active)
select ${pick('i', 'names')}, initcap(${pick('i / 3', 'nouns')}) || 'son', daterange(date '1970-01-01' + i % 9000, null)
  from generate_series(1, ${actors}) as i, ${words};

insert into film_actor (film, actor, role)
select film, 1 + (film * 7 + nth * 991) % ${actors}, nullif(${pick('film + nth', 'nouns')}, 'robot')
  from generate_series(1, ${films}) as film, generate_series(1, 6) as nth, ${words};

insert into film_category (film, category)
select film, 1 + film % 12
  from generate_series(1, ${films}) as film;

insert into inventory (film, store)
select film, 1 + (film + copy) % 4
  from generate_series(1, ${films}) as film, generate_series(1, 6) as copy;

insert into review (film, customer, stars, words, tags, written)
select 1 + i % ${films}, 1 + i / 3, 1 + (hashint4(i) & 3),
       case i % 10 when 0 then '' when 1 then null
         else 'I thought it would be ' || ${pick('i', 'adjectives')} || E',\\tbut no.\\nThe ' || ${pick('i * 3', 'nouns')} || ' is '
           || ${pick('i * 7', 'adjectives')} || ', and my ' || ${pick('i * 11', 'nouns')} || ' agrees: "' || ${pick('i * 13', 'adjectives')}
           || '", it said, \\\\o/. ' || md5(i::text) end,
       array[${pick('i', 'adjectives')}, ${pick('i * 19', 'adjectives')}],
       timestamp '2024-01-01' + i * interval '3 minutes'
  from generate_series(1, ${films * 6}) as i, ${words};

insert into "Notes to self" ("Was ist zu tun?", ok)
values ('Sell the robot 🤖', true), ('', false), (null, null);
`
}

export function businessRows(films: number): string {
  const [copies, customers, rentals, visits] = [films * 6, films * 2.5, films * 15, films * 7.5]
  return `
set search_path = shop, public;

insert into customer (store, first_name, last_name, email, address, active, credit, created, updated)
select 1 + i % 4, ${pick('i', 'names')}, initcap(${pick('i * 7', 'nouns')}), 'Customer' || i || '@example.org',
       case when i % 20 <> 0 then row('Calle ' || i % 300, null, lpad((i % 9999)::text, 5, '0'))::address end,
       i % 17 <> 0, price_range(0, i % 90 + 10), date '2020-01-01' + i % 1800,
       timestamptz '2025-01-01 00:00+00' + i * interval '7.000001 seconds'
  from generate_series(1, ${customers}) as i, ${words};

insert into rental (inventory, customer, staff, rented, returned)
select 1 + i % ${copies}, 1 + (hashint4(i) & 2147483647) % ${customers}, 1 + i % 40, at, case when i % 30 <> 0 then at + (1 + i % 9) * interval '23 hours' end
  from generate_series(1, ${rentals}) as i, lateral (select timestamptz '2024-01-01 00:00+00' + i * interval '729 days' / ${rentals}) as moment (at);

insert into payment (id, rental, customer, amount, paid)
select id, id, customer, (99 + (id % 9) * 100) / 100.0, rented + interval '1 hour'
  from rental;

select setval('invoice_number', 48115, true);

insert into visit (id, happened, ip, took, page, details)
select md5(i::text)::uuid, timestamptz '2025-06-01 00:00+00' + i * interval '100 hours' / ${visits}, '10.0.0.0'::inet + i % 65536,
       (hashint4(i) & 4095) * interval '1 millisecond', '/films/' || 1 + i % ${films},
       jsonb_build_object('agent', ${pick('i', 'agents')}, 'from', ${pick('i * 3', 'nouns')}, 'clicks', hashint4(i) & 63,
         'session', md5((i / 8)::text), 'seen', array[i % ${films}, (i * 7) % ${films}, (i * 31) % ${films}])
  from generate_series(1, ${visits}) as i, ${words};
`
}

/** One of 16 words, picked by a hash. */
function pick(number: string, list: string): string {
  return `${list}[1 + (hashint4(${number}) & 15)]`
}
