import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask, digestIn, inShell, shops, workFolder } from '../support/asking.ts'
import { databasePair } from '../support/database-pair.ts'
import { query } from '../support/query.ts'
import { startInTerminal, type TerminalCommand } from '../support/terminal.ts'

const sane = { code: 130, settings: expect.stringMatching(/ icanon .* echo /s) }

test('chosen, changed, confirmed, written down: the plan is that of the command that is shown, and of the file', async (context) => {
  const pair = await shops(context)
  const cwd = await workFolder(context)
  await using terminal = await ask(pair, ['plan', '--snapshot-only'], { cwd })
  const { press, shows } = terminal
  await shows('Databases to replicate · 2 of 2 chosen')
  await shows(/◉ blog\s+\d.* [kM]B +1 table/)
  press('ctrl-a')
  await shows('none: choose at least one')
  press('enter')
  await shows('nothing would be replicated')
  press('ctrl-a', 'enter')
  await shows('blog: tables to leave out')
  press('enter')
  await shows('blog: tables to create without rows')
  press('enter')
  await shows('shop: tables to leave out · none, all are replicated')
  await shows('303 listed')
  press({ type: 'TABLE_29' })
  await shows('11 listed · search: TABLE_29')
  press('ctrl-a')
  await shows('11 of 303 chosen')
  press('escape')
  await shows('303 listed · search: ')
  press('enter')
  await shows('shop: tables to create without rows · none')
  press('escape')
  await shows('shop: tables to leave out · 11 of 303 chosen')
  press('enter')
  await shows('292 listed')
  press({ type: 'Audit' }, 'space')
  await shows('1 of 292 chosen')
  press('enter')
  await shows('shop: tables of which only the latest rows are wanted')
  // Those that have no date, or no rows, aren't offered.
  await shows('1 listed')
  press({ type: 'orders' }, 'space', 'enter')
  await shows("public.orders: the column that tells a row's time")
  press('down', 'enter')
  await shows('public.orders: how far back')
  press({ type: '6 moon' }, 'enter')
  await shows('expected a window of time')
  press('backspace', 'backspace', { type: 'nths' }, 'enter')
  await shows('Is this right?')
  press('escape')
  await shows('how far back · like 6 months')
  await shows('❯ 6 months')
  press('enter')
  await shows('rows whose placed is in the last 6 months')
  await shows(/shop, created on the target: 291 tables, about [\d,]+ rows, .*B/)
  await shows('without rows: "Odd, schema"."Audit:log"')
  await shows('Is this right?')
  press('down', 'enter')
  await shows('Name of the config file · from')
  press('enter')
  await shows('seren.toml is written')
  press('down', 'enter')
  await shows('Name of the config file · from')
  press('enter')
  await shows('seren.toml exists. Write over it?')
  press('enter')
  await shows('Name of the config file · from')
  press('escape')
  await shows('❯ ● Go on: plan this')
  press('enter')
  expect(await terminal.finished).toMatchObject({ code: 0, settings: sane.settings })

  const digest = digestIn(terminal.text())
  const command = /The same without questions\n((?:.* \\\n)+.*)\n/.exec(terminal.text())?.[1] ?? ''
  expect(command).not.toContain('--source')
  expect(digestIn(await inShell(pair, cwd, command))).toBe(digest)
  const file = await readFile(join(cwd, 'seren.toml'), 'utf8')
  expect(file).toContain('# Structure without rows.\nschema_only = [\n  "\\"Odd, schema\\".\\"Audit:log\\"",\n]')
  expect(digestIn(await inShell(pair, cwd, 'postgres-seren-replicator plan --snapshot-only --config seren.toml'))).toBe(digest)
})

test('the copy is what was chosen', async (context) => {
  const pair = await shops(context)
  await using terminal = await ask(pair, ['init', '--snapshot-only'])
  const { press, shows } = terminal
  await shows('Databases to replicate')
  press({ type: 'blog' }, 'space', 'enter')
  await shows('shop: tables to leave out')
  press({ type: 'table_' }, 'ctrl-a', 'enter')
  await shows('shop: tables to create without rows')
  press('enter')
  await shows('shop: tables of which')
  press({ type: 'orders' }, 'space', 'enter')
  await shows('tells a row')
  press('enter')
  await shows('how far back')
  press({ type: '1 year' }, 'enter')
  await shows('Is this right?')
  press('enter')
  expect(await terminal.finished).toMatchObject({ code: 0, settings: sane.settings })
  const target = pair.target.server
  expect(await query(target.url(), `select datname from pg_database where datname in ('shop', 'blog')`)).toEqual([{ datname: 'shop' }])
  const tables = await query(
    target.url('shop'),
    `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  )
  expect(tables.map(({ relname }) => relname).sort()).toEqual(['items', 'orders'])
  expect(await query(target.url('shop'), 'select count(*) from orders')).toEqual([{ count: '11' }])
})

test('who leaves, wherever it is, finds the terminal as it was, and nothing changed', async (context) => {
  const pair = await shops(context)
  const places: readonly (readonly [string, (terminal: TerminalCommand) => Promise<void>])[] = [
    ['Databases to replicate', async () => {}],
    [
      'how far back',
      async ({ press, shows }) => {
        await toWindow({ press, shows })
      },
    ],
    [
      'Is this right?',
      async ({ press, shows }) => {
        await toWindow({ press, shows })
        press({ type: '1 day' }, 'enter')
      },
    ],
  ]
  for (const [place, go] of places) {
    await using terminal = await ask(pair, ['init'])
    await terminal.shows('Databases to replicate')
    await go(terminal)
    await terminal.shows(place)
    terminal.press('ctrl-c')
    expect(await terminal.finished, place).toEqual(sane)
    expectCursor(terminal)
  }
  await using closed = await ask(pair, ['replicate'])
  await closed.shows('Databases to replicate')
  closed.press('ctrl-d')
  expect(await closed.finished).toEqual(sane)
  await using terminated = await ask(pair, ['sync'])
  await terminated.shows('Databases to replicate')
  await terminated.kill('SIGTERM')
  expect(await terminated.finished).toEqual({ ...sane, code: 143 })
  expect(await query(pair.target.server.url(), `select from pg_database where datname in ('shop', 'blog')`)).toEqual([])
})

test('URLs that are missing are asked for, and never seen', async (context) => {
  const pair = await databasePair(context, { own: true })
  await using terminal = await ask(pair, ['validate'], { env: {} })
  const { press, shows } = terminal
  await shows('Connection URL of the source')
  press({ type: 'mysql://app:hunter2@db' }, 'enter')
  await shows("its scheme isn't postgresql://")
  press({ type: pair.source.url }, 'enter')
  await shows('Connection URL of the target')
  press({ type: pair.target.server.url() })
  await shows('❯ (hidden)')
  press('enter')
  await shows('Databases to replicate')
  press('ctrl-c')
  expect(await terminal.finished).toEqual(sane)
  for (const url of [pair.source.url, pair.target.server.url()]) expect(terminal.sent()).not.toContain(new URL(url).password)
  expect(terminal.sent()).not.toContain('hunter2')
})

test('on a small screen, resized, with names that would drive a terminal', async (context) => {
  const pair = await databasePair(context, { own: true, createTarget: false, exactName: 'evil \x1b[31m\u202e' })
  const long = 'ж'.repeat(31)
  await pair.source.query(`create table "a\x1b]0;owned\x07\x1b[2Jb" (); create table "${long}" (); create table "line\nbreak" ()`)
  const cwd = await workFolder(context)
  await using terminal = await ask(pair, ['plan', '--snapshot-only'], { cwd, columns: 40, rows: 12 })
  const { press, shows } = terminal
  await shows('ctrl-c leaves')
  await shows('❯ ◉ "evil \\u{1b}[31m\\u{202e}"')
  await shows('evil \\u{1b}[31m\\u{202e}.public.line\\u{a}break')
  for (const line of terminal.text().split('\n').slice(2)) expect(line.length).toBeLessThan(40)
  await terminal.resize(60, 20)
  press('enter')
  await shows('tables to leave out')
  await terminal.resize(24, 8)
  press('down')
  await shows('❯ ◯ public."жжж')
  press('space')
  await shows('❯ ◉ public."жжж')
  await terminal.resize(90, 30)
  await shows('1 of 2 chosen')
  expect(terminal.screen().match(/search:/g)).toHaveLength(1)
  press('enter')
  await shows('without rows')
  press('enter')
  await shows('Is this right?')
  press('enter')
  expect(await terminal.finished).toMatchObject({ code: 0 })
  for (const raw of ['\x1b]0;owned', '\x1b[31m\u202e', '\u202e']) expect(terminal.sent()).not.toContain(raw)
  const command = /The same without questions\n((?:.* \\\n)+.*)\n/.exec(terminal.text())?.[1] ?? ''
  expect(digestIn(await inShell(pair, cwd, command))).toBe(digestIn(terminal.text()))
})

test.each([
  ['--yes', ['--yes'], {}],
  ['--no-interactive', ['--no-interactive'], {}],
  ['CI', [], { CI: 'true' }],
  ['TERM=dumb', [], { TERM: 'dumb' }],
])('nothing is asked with %s', async (_, flags, env) => {
  const unreachable = 'postgresql://app:x@127.0.0.1:1/shop'
  await using terminal = await startInTerminal(['validate', ...flags], {
    env: { SEREN_SOURCE_URL: unreachable, SEREN_TARGET_URL: unreachable, ...env },
  })
  expect(await terminal.finished).toMatchObject({ code: 2 })
  expect(terminal.text()).not.toContain('questions')
})

async function toWindow({ press, shows }: Pick<TerminalCommand, 'press' | 'shows'>): Promise<void> {
  press({ type: 'blog' }, 'space', 'enter')
  await shows('shop: tables to leave out')
  press('enter')
  await shows('shop: tables to create without rows')
  press('enter')
  await shows('shop: tables of which')
  press({ type: 'Audit' }, 'space', 'enter')
  await shows('how far back')
}

/** Never hidden, or shown again. */
function expectCursor(terminal: TerminalCommand): void {
  expect(terminal.sent().lastIndexOf('\x1b[?25h')).toBeGreaterThanOrEqual(terminal.sent().lastIndexOf('\x1b[?25l'))
}
