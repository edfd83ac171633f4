import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { TestContext } from 'vitest'
import { clientTools } from './client-tools.ts'
import { type DatabasePair, databasePair } from './database-pair.ts'
import { query } from './query.ts'
import { startInTerminal, type TerminalCommand, type TerminalOptions } from './terminal.ts'

/** Two databases, one of 303 tables. */
export async function shops(context: TestContext): Promise<DatabasePair> {
  const pair = await databasePair(context, { own: true, createTarget: false, exactName: 'shop' })
  await query(pair.source.server.url(), 'create database blog')
  await query(pair.source.server.url('blog'), 'create table posts (id integer primary key)')
  await pair.source.query(`
    do $$ begin for i in 1..300 loop execute format('create table table_%s (id integer primary key)', i); end loop; end $$;
    create schema "Odd, schema";
    create table "Odd, schema"."Audit:log" (id integer primary key, at date);
    create table items (id integer primary key, made text);
    create table orders (id integer primary key, created_at timestamptz not null, placed date, made interval);
    insert into orders select n, now() - n * interval '32 days', current_date - n from generate_series(1, 50) n;`)
  return pair
}

export function ask(pair: DatabasePair, args: readonly string[], options: TerminalOptions = {}): Promise<TerminalCommand> {
  return startInTerminal([...args, '--client-tools', clientTools(pair.source.server.major)], { env: urls(pair), ...options })
}

export async function workFolder({ onTestFinished }: TestContext): Promise<string> {
  // Not in the pair's: what's left there is a leak.
  const folder = await mkdtemp('/tmp/work-')
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

function urls(pair: DatabasePair) {
  return { SEREN_SOURCE_URL: pair.source.url, SEREN_TARGET_URL: pair.target.server.url() }
}

/** Runs what the screen says, as a user would paste it. */
export async function inShell(pair: DatabasePair, folder: string, command: string): Promise<string> {
  const path = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url))
  await writeFile(join(folder, 'postgres-seren-replicator'), `#!/bin/sh\nexec '${process.execPath}' '${path}' "$@"\n`)
  await chmod(join(folder, 'postgres-seren-replicator'), 0o755)
  const env = { ...process.env, ...urls(pair), PATH: `${folder}:${process.env['PATH']}`, LANG: 'C.UTF-8' }
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', command], { cwd: folder, env })
  return stdout
}

export function digestIn(text: string): string {
  return /digest ([0-9a-f]{64})/.exec(text)?.[1] ?? `no digest in ${text}`
}
