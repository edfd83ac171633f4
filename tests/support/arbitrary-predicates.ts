import fc from 'fast-check'

/** A table that such predicates are about, and another for their subqueries; no row stands on the edge of a day. */
export const predicateTables = `
  create type mood as enum ('sad', 'happy');
  create function even(int) returns bool immutable language sql as 'select $1 % 2 = 0';
  create table thing (id int primary key, at timestamptz, plain timestamp, day date, n int, note text, feeling mood);
  create table other (thing_id int, at timestamptz, n int);
  insert into thing
  select i, now() + (i - 200) * interval '7 hours 11 minutes', (now() + (i - 200) * interval '9 hours 13 minutes') at time zone 'UTC',
         now()::date + (i - 200) / 2, i % 7, case i % 4 when 0 then 'today' when 1 then 'now()' when 2 then null else 'it''s' end,
         (case when i % 2 = 0 then 'sad' else 'happy' end)::mood
    from generate_series(1, 300) i;
  insert into other select i, now() + (i - 150) * interval '5 hours', i % 3 from generate_series(1, 200) i`

/** Conditions on `thing` that read the clock, in many spellings. With `zoned`, also such as depend on the time zone in each row. */
export function arbitraryPredicate({ zoned }: { readonly zoned: boolean }): fc.Arbitrary<string> {
  const window = fc.constantFrom(
    "interval '6 months'",
    "interval '1' day",
    "'36 hours'::interval",
    "7 * interval '1 day'",
    'make_interval(days => 3)',
  )
  const { moment, local, day } = fc.letrec<Record<'moment' | 'local' | 'day', string>>((tie) => ({
    moment: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        'now()',
        'NOW ( )',
        'current_timestamp',
        'pg_catalog.now()',
        'transaction_timestamp()',
        "'now'::timestamptz",
        '(now())',
      ),
      fc.constantFrom(
        "timestamptz 'today'",
        "cast('yesterday 06:00' as timestamptz)",
        "timestamptz '2024-02-29 12:00'",
        '$$today$$::timestamptz',
      ),
      fc.tuple(tie('moment'), fc.constantFrom('+', '-'), window).map(([one, sign, by]) => `${one} ${sign} ${by}`),
      fc.tuple(fc.constantFrom('month', 'day', 'hour'), tie('moment')).map(([unit, one]) => `date_trunc('${unit}', ${one})`),
      fc.tuple(tie('moment'), tie('moment')).map(([one, two]) => `greatest(${one}, ${two})`),
      fc.tuple(tie('moment'), tie('moment')).map(([one, two]) => `case when ${one} > ${two} then ${two} else ${one} end`),
      tie('moment').map((one) => `(/* so */ ${one})::timestamptz(0)`),
      tie('local').map((one) => `(${one})::timestamptz`),
    ),
    local: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('localtimestamp', 'LOCALTIMESTAMP', "'now'::timestamp", "timestamp 'tomorrow'", "'yesterday'::timestamp(0)"),
      tie('moment').map((one) => `((${one}) at time zone 'Europe/Berlin')`),
      tie('moment').map((one) => `(${one})::timestamp`),
      tie('day').map((one) => `(${one}) + time '03:04'`),
    ),
    day: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('current_date', 'Current_Date', "'today'::date", "date('yesterday')", 'current_date - 30', 'current_date+7'),
      tie('moment').map((one) => `(${one})::date`),
      tie('local').map((one) => `cast(${one} as date)`),
    ),
  }))
  const value = fc.oneof(moment, local, day)
  const bare = fc.constantFrom("'now'", "'today'", "E'Yes\\164erday'", "' tomorrow '", "'2024-05-05'", "'2031-01-01 12:00'")
  const column = fc.constantFrom('at', 'plain', 'day', 'thing.at', 'public.thing."day"', 'coalesce(plain, plain)')
  const sign = fc.constantFrom('<', '<=', '>', '>=', '<>', '=')
  const comparison = fc.oneof(
    fc.tuple(column, sign, value).map(([one, by, two]) => `${one} ${by} ${two}`),
    fc.tuple(value, sign, column).map(([one, by, two]) => `${one}${by}${two}`),
    fc.tuple(column, value, value).map(([one, from, to]) => `${one} between ${from} and ${to}`),
    fc.tuple(column, value, bare).map(([one, two, three]) => `${one} in (${two}, ${three})`),
    fc.tuple(column, sign, bare).map(([one, by, two]) => `${one} ${by} ${two}`),
    fc.tuple(moment, sign, moment).map(([one, by, two]) => `${one} ${by} ${two}`),
    fc.tuple(moment).map(([one]) => `extract(epoch from at) > extract(epoch from ${one})`),
    fc.tuple(moment, sign).map(([one, by]) => `exists (select 1 from other o where o.thing_id = thing.id and o.at ${by} ${one})`),
    fc.tuple(moment, sign).map(([one, by]) => `id in (select thing_id from public.other where at ${by} ${one} order by 1 limit 20)`),
    fc.constantFrom(
      "note = 'today'",
      "note like '%now()%'",
      "feeling = 'sad'::mood",
      'even(n)',
      'n in (1, 2, 3)',
      'note is null',
      'thing is not null',
    ),
    ...(zoned
      ? [fc.constantFrom("age(at) < interval '20 days'", 'at::date = current_date', "to_char(at, 'DD') = to_char(now(), 'DD')", 'at > day')]
      : []),
  )
  return fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      comparison,
      fc
        .tuple(tie('condition'), fc.constantFrom('and', ' OR', '\n-- and\nor'), tie('condition'))
        .map(([one, by, two]) => `(${one})${by} ${two}`),
      tie('condition').map((one) => `not (${one} /* ) */)`),
      tie('condition').map((one) => `(${one}) is not true`),
    ),
  })).condition
}

const pieces = [
  ...[
    '(',
    ')',
    '((',
    '))',
    "'",
    "''",
    '"',
    '$$',
    '$x$',
    '--',
    '/*',
    '*/',
    ';',
    '\n',
    '\0',
    '\\',
    "E'\\'",
    "U&'\\",
    '$1',
    ':',
    '::',
    ',',
    '.',
    '[',
    ']',
  ],
  ...[
    'drop table t',
    'select',
    'union',
    'select 1 from t',
    'where',
    'order by 1',
    'limit 1',
    'for update',
    'into x',
    'returning',
    'true',
    'false',
    'or',
    'and',
  ],
  ...[
    'not',
    'id',
    'n',
    '=',
    '<',
    'in (1)',
    'now()',
    "'a'",
    '"b"',
    '1',
    'case when',
    'end',
    'exists',
    'interval',
    'ä',
    '😀',
    '\ud800',
    '\u2028',
    '\x07',
    'null',
  ],
]
/** What a predicate might be by mistake, or by intent. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(' ')),
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
