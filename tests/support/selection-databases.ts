import { query } from './query.ts'
import type { TestServer } from './servers.ts'

/** Databases and tables that the original tool's README speaks of, a few rows each, old and new. */
export const selectionDatabases: Readonly<Record<string, string>> = {
  myapp: `
    create table users (id int primary key, name text);
    create table orders (id int primary key, user_id int, created_at timestamptz);
    create table logs (id int primary key, line text);
    create table cache (id int primary key, value text);
    create table audit_logs (id int primary key, line text);
    create table temp (id int primary key);
    create table output (id int primary key, series_time timestamptz);
    create table transactions (id int primary key, status text);
    create table billing_events (id int primary key, event_time timestamp);
    create table metrics (id int primary key, created_at timestamptz);
    insert into users select i, 'user ' || i from generate_series(1, 9) i;
    insert into orders select i, i % 3 + 1, now() - i * interval '1 month' from generate_series(1, 9) i;
    insert into logs select i, 'line' from generate_series(1, 9) i;
    insert into cache select i, 'value' from generate_series(1, 9) i;
    insert into audit_logs select i, 'line' from generate_series(1, 9) i;
    insert into temp select generate_series(1, 9);
    insert into output select i, now() - i * interval '45 days' from generate_series(1, 9) i;
    insert into transactions select i, (array['active', 'pending', 'closed'])[i % 3 + 1] from generate_series(1, 9) i;
    insert into billing_events select i, now() - i * interval '2 months' - interval '1 day' from generate_series(1, 9) i;
    insert into metrics select i, now() - i * interval '45 days' from generate_series(1, 9) i`,
  analytics: `
    create table events (id int primary key, created_at timestamptz);
    create table evmlog_strides (id int primary key);
    create table temp_data (id int primary key);
    create table large_table (id int primary key);
    create table metrics (id int primary key, "timestamp" timestamptz, created_at date);
    create table output (id int primary key, series_time timestamp);
    insert into events select i, now() - i * interval '20 days' from generate_series(1, 9) i;
    insert into evmlog_strides select generate_series(1, 9);
    insert into temp_data select generate_series(1, 9);
    insert into large_table select generate_series(1, 9);
    insert into metrics select i, now() - i * interval '45 days', now() - i * interval '45 days' from generate_series(1, 9) i;
    insert into output select i, now() - i * interval '45 days' from generate_series(1, 9) i`,
  test: 'create table tried (id int primary key)',
  staging: 'create table tried (id int primary key)',
}

/** A database of the contract's config file, whose schema is called as one of those databases: two parts may be either then. */
export const contractDatabase = `
  create schema analytics; create schema reporting;
  create table analytics.evmlog_strides (id int primary key);
  create table analytics.events (id int primary key, created_at timestamptz);
  create table reporting.archive (id int primary key);
  create table metrics (id int primary key, "timestamp" timestamp);
  insert into analytics.evmlog_strides select generate_series(1, 9);
  insert into analytics.events select i, now() - i * interval '20 days' from generate_series(1, 9) i;
  insert into reporting.archive select generate_series(1, 9);
  insert into metrics select i, now() - i * interval '45 days' from generate_series(1, 9) i`

export async function createDatabases(server: TestServer, databases: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, sql] of Object.entries(databases)) {
    await query(server.url(), `create database ${name} template template0`)
    await query(server.url(name), sql)
    await query(server.url(name), 'analyze')
  }
}
