// @ts-check

/**
 * @typedef {{ readonly name: string, readonly about: string, readonly statements: (scale: number) => string[] }} DataSet
 */

/** Tables as pgbench makes them at scale 50: few columns, many rows, one index. */
const accounts = {
  name: 'a',
  about: 'pgbench scale 50',
  /** @param {number} scale */
  statements(scale) {
    const branches = Math.max(1, Math.round(50 * scale))
    return [
      'CREATE TABLE pgbench_branches (bid integer NOT NULL, bbalance integer, filler character(88)) WITH (fillfactor = 100)',
      'CREATE TABLE pgbench_tellers (tid integer NOT NULL, bid integer, tbalance integer, filler character(84)) WITH (fillfactor = 100)',
      'CREATE TABLE pgbench_accounts (aid integer NOT NULL, bid integer, abalance integer, filler character(84)) WITH (fillfactor = 100)',
      'CREATE TABLE pgbench_history (tid integer, bid integer, aid integer, delta integer, mtime timestamp, filler character(22))',
      `INSERT INTO pgbench_branches SELECT n, 0 FROM generate_series(1, ${branches}) AS n`,
      `INSERT INTO pgbench_tellers SELECT n, (n - 1) / 10 + 1, 0 FROM generate_series(1, ${branches * 10}) AS n`,
      `INSERT INTO pgbench_accounts SELECT n, (n - 1) / 100000 + 1, 0, '' FROM generate_series(1, ${branches * 100_000}) AS n`,
      'ALTER TABLE pgbench_branches ADD PRIMARY KEY (bid)',
      'ALTER TABLE pgbench_tellers ADD PRIMARY KEY (tid)',
      'ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid)',
    ]
  },
}

/** What applications have: wide rows with four indexes, narrow ones that refer to them, many small tables. */
const application = {
  name: 'b',
  about: '640,000 wide rows, 750,000 narrow ones, 200 small tables',
  /** @param {number} scale */
  statements(scale) {
    const events = Math.round(640_000 * scale)
    const small = Array.from({ length: 200 }, (_, index) => `small_${index + 1}`)
    return [
      `CREATE TABLE events (id uuid NOT NULL, account integer NOT NULL, kind text NOT NULL, body text, document jsonb, amount numeric(14, 4), at timestamptz NOT NULL,
         tags text[], numbers integer[], payload bytea)`,
      `INSERT INTO events SELECT md5(n::text)::uuid, n % 9973, (ARRAY['login', 'purchase', 'refund', 'view', 'logout'])[1 + n % 5],
         md5(n::text) || ' ' || md5((n + 1)::text) || repeat(' lorem ipsum', n % 8),
         jsonb_build_object('id', n, 'name', md5((n * 3)::text), 'nested', jsonb_build_object('a', n % 7, 'list', jsonb_build_array(n, n + 1, 'x'), 'flag', n % 2 = 0)),
         (n::bigint * 7919 % 100000000)::numeric / 10000, timestamptz '2024-01-01 00:00+00' + n * interval '37 seconds', ARRAY['t' || n % 50, 't' || n % 11], ARRAY[n, n * 2, n % 3],
         decode(md5((n * 5)::text) || md5((n * 11)::text), 'hex')
       FROM generate_series(1, ${events}) AS n`,
      'ALTER TABLE events ADD PRIMARY KEY (id)',
      'CREATE INDEX events_account_at ON events (account, at)',
      'CREATE INDEX events_kind_amount ON events (kind, amount)',
      'CREATE INDEX events_at ON events (at)',
      'CREATE TABLE event_marks (id bigint NOT NULL, event uuid NOT NULL, mark smallint NOT NULL)',
      `INSERT INTO event_marks SELECT n, md5((1 + n % ${events})::text)::uuid, n % 100 FROM generate_series(1, ${Math.round(750_000 * scale)}) AS n`,
      'ALTER TABLE event_marks ADD PRIMARY KEY (id)',
      'ALTER TABLE event_marks ADD FOREIGN KEY (event) REFERENCES events',
      ...small.flatMap((name) => [
        `CREATE TABLE ${name} (id integer PRIMARY KEY, code text NOT NULL, at date)`,
        `INSERT INTO ${name} SELECT n, md5(n::text), date '2024-01-01' + n FROM generate_series(1, 500) AS n`,
        `CREATE INDEX ON ${name} (code)`,
      ]),
    ]
  },
}

/** No rows at all: what each table costs by itself. */
const many = {
  name: 'many',
  about: '5,000 empty tables',
  /** @param {number} scale */
  statements: (scale) =>
    Array.from({ length: Math.round(5000 * scale) }, (_, index) => `CREATE TABLE empty_${index} (id integer PRIMARY KEY, value text)`),
}

/** @type {readonly DataSet[]} */
export const sets = [application, accounts, many]
