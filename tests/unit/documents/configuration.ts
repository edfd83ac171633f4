import { fileInputNames, snakeCase } from '../../../src/config/file-schema.ts'
import type { Input } from '../../../src/config/input-kinds.ts'
import { type InputName, inputNamed, inputNames } from '../../../src/config/schema.ts'
import { outputNames, outputs } from '../../../src/report/actions-outputs.ts'

/** docs/configuration.md as the schema wants it. */
export function configurationMd(): string {
  return `<!-- Made from src/config/schema.ts: npx vitest run tests/unit/documents -u -->
# Configuration

Every option has one name: an input of the action (\`include-tables\`), a flag of the command line (\`--include-tables\`), and a key of the
config file (\`include_tables\`). Precedence, highest first:

1. flag or action input
2. environment: \`SEREN_SOURCE_URL\`, \`SEREN_TARGET_URL\`
3. config file
4. default

An \`include-…\` given as input or flag stands for the file's. Everything else adds up, and where both speak of the same table, the input's
or flag's rule wins over the file's.

## Inputs and flags

${inputTable(inputNames)}

Marked ◔: its behaviour is yet to come. It is checked, and refused with \`option-unavailable\` unless it asks for the default.

In the action, a list has one item per line, and a line that starts with \`#\` is a comment. On the command line, list flags may be
repeated, in the singular too (\`--include-table\`). Names of databases and tables may also be separated by commas.

### Values

| value | written as |
|---|---|
| true or false | \`true\`, \`false\`, \`yes\`, \`no\`, \`on\`, \`off\`, \`1\`, \`0\`; a flag alone is \`true\` |
| duration | \`330m\`, \`90s\`, \`1h30m\`, \`500ms\`, \`2d\` |
| bytes | \`1048576\`, \`16MB\`, \`1.5GB\`; units count by 1024 |
| window of time | a whole number and \`second(s)\`, \`minute(s)\`, \`hour(s)\`, \`day(s)\`, \`week(s)\`, \`month(s)\` or \`year(s)\`; short: \`90d\`, \`2w\`, \`6mon\`, \`1y\`, \`12h\`, \`30min\`, \`45s\` |

## Table names

\`[database.][schema.]table\`. Parts are separated by dots; a part that holds a dot, a comma or a colon is quoted as in SQL: \`"My Schema"."a.b"\`.
\`*\` and \`?\` match within one part, unless it is quoted. Names are taken as they stand in the catalog, without folding to lower case.

| parts | meaning |
|---|---|
| \`table\` | schema \`public\`, in every database in scope |
| \`schema.table\` | if the databases in scope have it |
| \`database.table\` | schema \`public\` of that database, if that exists |
| \`database.schema.table\` | exactly that |

Two parts that could be either are refused: give three. A pattern that matches nothing is an error with the nearest names.

## Filters

A table filter is one SQL condition on the table's rows, as it would stand after \`WHERE\`; PostgreSQL's own parser reads it, and the source judges it
before anything is copied. Several filters of one table all hold.

- **What reads the clock is evaluated once**, at the moment when the copy begins, and written as a literal: \`created_at > now() - interval '90 days'\` becomes
  \`created_at > '2026-02-22 10:00:00+00'::timestamp with time zone\`. So resuming, \`sync\` and \`verify\` mean the same rows, and a publication takes it.
  It works for \`now()\`, \`current_timestamp\`, \`current_date\`, \`localtimestamp\`, \`'today'::date\` and the like, with all that is computed from them.
- Days begin, and dates and times without a zone are read, in the time zone that the database itself is set to. What depends on the time zone in
  each row (\`created_at::date\` of a \`timestamptz\`, \`to_char\`, a comparison of two columns) is computed in UTC.
- Functions that answer differently each time are refused: volatile ones, those of the session, and your own unless they're \`IMMUTABLE\`.
- Subqueries may read other tables, as the snapshot has them: \`id IN (SELECT user_id FROM orders WHERE status = 'open')\`. Names without a schema are looked for
  in the table's own schema, then in \`public\`. \`LIMIT\` wants \`ORDER BY\`.
- **For replication** the source (15 or later) must take it as a row filter: columns, literals, built-in operators and immutable built-in functions, no subqueries;
  and for updates and deletes, columns of the replica identity alone. Otherwise it's refused with \`row-filter-refused\`; \`snapshot-only\` copies
  with any filter.
- At most 100,000 characters: put long lists into a table.

A time filter is the same for \`column >= now() - interval\`, of a column of type \`date\`, \`timestamp\` or \`timestamptz\`.

## Connection URLs

\`postgresql://user:password@host:5432/database?sslmode=verify-full\`, as libpq reads them: several hosts (\`a:5432,b\`), IPv6 in brackets,
\`host=\`, \`port=\`, \`user=\`, \`password=\` and \`dbname=\` after the question mark, a socket's folder as host (\`%2Fvar%2Frun%2Fpostgresql\`),
every part percent-encoded. In passwords, write \`/\` as \`%2F\`, \`:\` as \`%3A\`, \`@\` as \`%40\`, \`?\` as \`%3F\`, \`#\` as \`%23\` and \`%\` as \`%25\`.

libpq's parameters keep their names and meanings (\`sslmode\`, \`sslrootcert\`, \`sslcert\`, \`sslkey\`, \`channel_binding\`, \`connect_timeout\`,
\`application_name\`, \`target_session_attrs\`, \`options\` …); an unknown one is an error, and so is one that can't be honoured
(\`service\`, \`require_auth\`, \`requirepeer\`, \`sslcrldir\`). A URL never stands in the config file, and no output contains one.

## Config file

TOML, checked as a whole: every mistake at once, with file, line and column. \`docs/config.schema.json\` describes it to editors.

\`\`\`toml
exclude_databases = ["scratch"]
jobs = 4

[databases.shop]
exclude_tables = ["audit.*"]
schema_only = ["analytics.evmlog_strides", "reporting.archive"]

[[databases.shop.table_filters]]
table = "events"
schema = "analytics"          # or table = "analytics.events"
where = "created_at > '2026-01-01'"

[[databases.shop.time_filters]]
table = "metrics"
column = "timestamp"
last = "6 months"
\`\`\`

In the section of a database, a table is written as \`[schema.]table\`. Keys at the top:

${fileInputNames()
  .map((name) => `\`${snakeCase(name)}\``)
  .join(', ')}.

## Outputs of the action

${outputTable()}

They are set on failure too, as far as known. An output that would contain a masked string is left empty: the runner would drop it whole.

## Exit codes

| code | outcome | meaning |
|---|---|---|
| 0 | \`done\` | |
| 1 | \`failed\` | an error, with a code, a hint, and what was left behind |
| 2 | \`rejected\` | usage, configuration or preflight: nothing was changed |
| 3 | \`different\` | \`verify\` found differences |
| 4 | \`not-met\` | thresholds not met in time |
| 5 | \`to-be-continued\` | the time budget was reached: run again to continue; the action succeeds, with \`complete: false\` |
| 130, 143 | \`interrupted\` | SIGINT, SIGTERM: cleaned up, to be continued |
`
}

export function inputTable(names: readonly InputName[]): string {
  return [
    '| input | flag | value | default | meaning |',
    '|---|---|---|---|---|',
    ...names.map((name) => row(name, inputNamed(name))),
  ].join('\n')
}

export function outputTable(): string {
  return ['| output | meaning |', '|---|---|', ...outputNames.map((name) => `| \`${name}\` | ${outputs[name]} |`)].join('\n')
}

function row(name: InputName, { kind, description, placeholder, default: byDefault, short, actionOnly, unavailable }: Input): string {
  const flag =
    actionOnly === true ? '' : `${short === undefined ? '' : `\`${short}\`, `}\`--${kind === 'list' ? name.replace(/s$/, '') : name}\``
  const value = kind === 'flag' ? '' : cell((placeholder ?? '').replaceAll('|', ', '))
  return `| \`${name}\`${unavailable === true ? ' ◔' : ''} | ${flag} | ${value} | ${byDefault ?? ''} | ${description} |`
}

function cell(text: string): string {
  return text === '' ? '' : `\`${text}\``
}
