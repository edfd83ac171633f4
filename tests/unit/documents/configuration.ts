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

Which databases, tables and rows are chosen, and how names and filters are written: [selection](selection.md).

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
