import { expect, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { databasePair } from '../support/database-pair.ts'
import { runOn } from '../support/engine.ts'
import { selecting } from '../support/selecting.ts'

/** What a table can't be without, by itself. */
const direct = [
  ['type', 'create table of_type (x gone_type)', 'table public.of_type needs it'],
  ['array', 'create table of_array (x gone_array[])', 'table public.of_array needs it'],
  [
    'composite',
    'create type holder as (x gone_composite); create table of_composite (x holder)',
    'type public.holder needs it, and table public.of_composite needs type public.holder',
  ],
  ['parent', 'create table child () inherits (gone_parent)', '"public"."child" inherits from it'],
  [
    'restrictive',
    'create table of_policy (id int); create policy only_those on of_policy as restrictive using (id in (select id from gone_restrictive))',
    'policy only_those on public.of_policy needs it',
  ],
] as const

/** And what it calls `f()` for. */
const calling = [
  ['default', 'create table of_default (id int default f())', 'default value for public.of_default.id'],
  ['generated', 'create table of_generated (g int generated always as (f()) stored)', 'public.of_generated'],
  ['check', 'create table of_check (id int check (id > f()))', 'constraint of_check_id_check on public.of_check'],
  ['index', 'create table of_index (id int); create index by_f on of_index ((id + f()))', 'index public.by_f'],
  ['exclusion', 'create table of_exclusion (id int, exclude ((id + f()) with =))', 'public.of_exclusion_expr_excl'],
  ['key', 'create table of_key (id int) partition by range ((id + f()))', 'table public.of_key'],
  ['domain', 'create domain checked as int check (value > f()); create table of_domain (id checked)', 'table public.of_domain'],
] as const

for (const major of [12, 15] as const satisfies readonly ServerMajor[]) {
  test(`a table isn't excluded that rows, or what guards them, need, on ${major}`, async (context) => {
    const pair = await databasePair(context, { source: major, target: 15 })
    for (const [gone, sql] of direct) await pair.source.query(`create table gone_${gone} (id int); ${sql}`)
    for (const [gone, sql] of calling) {
      // Before 14 no need of a function is known but its arguments' types.
      const atomic = major >= 14 ? 'begin atomic select count(*)::int from' : ''
      const made =
        major >= 14
          ? `() returns int language sql immutable ${atomic} gone_${gone}; end`
          : `(gone_${gone}) returns int language sql immutable as 'select 1'`
      const called = sql.replace('f()', `f_${gone}(${major >= 14 ? '' : 'null'})`)
      await pair.source.query(`create table gone_${gone} (id int); create function f_${gone}${made}; ${called}`)
    }
    await pair.source.query(`create sequence gone_sequence; create table of_sequence (id int default nextval('gone_sequence'))`)
    const expected = [
      ...direct.map(([gone, , words]) => [gone, words]),
      ...calling.map(([gone, , dependent]) => [gone, dependent]),
      ...(major >= 14 ? calling.map(([gone]) => [gone, `is left out, but function public.f_${gone}() needs it, and `]) : []),
      ['sequence', 'default value for public.of_sequence.id needs it'],
    ] as const
    const plan = (exclude: readonly string[]) => runOn(pair, 'plan', { snapshotOnly: true, scope: selecting(pair, { exclude }) })
    const { result } = await plan(['gone_*'])
    expect(result.outcome).toBe('rejected')
    const problems = result.problems.filter(({ code }) => code === 'dependency-excluded')
    for (const [gone, words] of expected) {
      const found = problems.find(({ relation }) => relation === `"public"."gone_${gone}"`)
      expect(found?.message, gone).toContain(words)
    }
    expect(result.problems).toHaveLength(direct.length + calling.length + 1)
    // Along with what needs them all can go.
    expect((await plan(['gone_*', 'of_*', 'child'])).result).toMatchObject({ problems: [{ code: 'nothing-selected' }] })
  })
}
