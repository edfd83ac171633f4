// @ts-check

/**
 * The transactions of an application. None can fail, nor wait for another in a circle: a session changes rows of its own (ids that leave its
 * number over when divided by the number of sessions), what it shares in ascending order, the tables in the order of the fixture, and one
 * session alone empties tables, the last ones. So every error is someone else's doing.
 */

/**
 * @typedef {object} Session
 * @property {number} number from 0
 * @property {number} sessions how many there are
 * @property {number} rows of the fixture's larger tables
 * @property {'inserts' | 'changes' | undefined} keyless
 * @property {boolean} truncates
 * @property {(below: number) => number} random a whole number
 * @property {() => number} fresh an id of this session's that none has had
 * @property {() => number} recent one of those, of late
 */

/** @typedef {(session: Session) => string[]} Kind its statements */

/** @type {(session: Session, among?: number) => number} an id of this session's that may be there */
function own({ number, sessions, rows, random, recent }, among = rows) {
  return random(3) === 0 ? recent() : number + sessions * random(Math.ceil(among / sessions))
}

/** @type {Kind} */
function newOrder(session) {
  const id = session.fresh()
  return [
    `insert into orders select ${id}, id, ${session.random(9999)}.5, '[2024-01-01,)' from customer where id = ${own(session)} for key share`,
    `insert into order_line select id, line, 'new', line from orders, generate_series(1, ${1 + session.random(4)}) line where id = ${id}`,
  ]
}

/** @type {Kind} the one change of shared rows, at most once in a transaction and ascending */
function transfer({ random }) {
  const change = (/** @type {string} */ sign, /** @type {number} */ id) =>
    `update account set balance = balance ${sign} 1, version = version + 1 where id = ${id}`
  return [change('-', 1 + random(100)), change('+', 101 + random(100))]
}

/** @type {(session: Session) => string} text that doesn't compress */
function large({ random }) {
  return `(select string_agg(md5(random()::text || n), '') from generate_series(1, ${100 + random(900)}) n)`
}

/** @type {Kind} a savepoint for each row, and some of them undone */
function manySavepoints() {
  const insert = `insert into scratch (text) values ('of many')`
  const fail = `if n % 3 = 0 then raise exception 'undone'; end if`
  return [`do $$ begin for n in 1..70 loop begin ${insert}; ${fail}; exception when raise_exception then null; end; end loop; end $$`]
}

/** In the order of the fixture's tables, each with how often it comes. @type {readonly (readonly [number, Kind])[]} */
const kinds = [
  [80, (s) => [`insert into customer (id, name, level, home) values (${s.fresh()}, 'new ''one', 'gold', row ('Zürich', null))`]],
  [90, (s) => [`update customer set touched = clock_timestamp(), details = details || '{"t": ${s.random(99)}}' where id = ${own(s)}`]],
  [30, (s) => [`update customer set id = ${s.fresh()} where id = ${own(s)}`]],
  [30, (s) => [`delete from customer where id = ${own(s)}`]],
  [100, newOrder],
  [60, (s) => [`update orders set total = total + 1, valid = null where id = ${own(s)}`]],
  [30, (s) => [`update orders set id = ${s.fresh()} where id = ${own(s)}`]],
  [30, (s) => [`delete from orders where id = ${own(s)}`]],
  [50, (s) => [`update order_line set quantity = quantity % 100 + 1 where order_id = ${own(s)}`]],
  [20, (s) => [`update order_line set line = line + 1000 where order_id = ${own(s)} and line = 1`]],
  [20, (s) => [`insert into category select ${s.fresh()}, id, 'new' from category where id = ${own(s, 400)}`]],
  [15, (s) => [`update category set parent_id = (select id from category where id = ${own(s, 400)}) where id = ${own(s, 400)}`]],
  [10, (s) => [`delete from category where id = ${own(s, 400)}`]],
  [150, transfer],
  [
    8,
    (s) => [
      `insert into document select md5(n::text)::uuid, n, 'new', ${large(s)}, decode(md5(n::text), 'hex') from (select ${s.fresh()} n) n`,
    ],
  ],
  [20, (s) => [`update document set title = title || '.' where owner = ${own(s, s.rows / 20)}`]],
  [4, (s) => [`update document set body = ${large(s)} where owner = ${own(s, s.rows / 20)}`]],
  [6, (s) => [`update document set id = md5(id::text)::uuid where owner = ${own(s, s.rows / 20)}`]],
  [4, (s) => [`delete from document where owner = ${own(s, s.rows / 20)}`]],
  [40, (s) => [`insert into measurement values (${s.fresh()}, date '2023-01-01' + ${s.random(900)}, 'nan')`]],
  [40, (s) => [`update measurement set at = at + 100 where id = ${own(s)}`]],
  [20, (s) => [`delete from measurement where id = ${own(s)}`]],
  [8, (s) => [`insert into whole_row select ${s.number}, ${s.random(50)}, null from generate_series(1, 2)`]],
  [15, (s) => [`update whole_row set value = ${s.random(50)}, note = 'changed' where ctid = ${oneRow('whole_row', s)}`]],
  [16, (s) => [`delete from whole_row where ctid = ${oneRow('whole_row', s)}`]],
  [20, (s) => [`insert into by_index values ('code ${s.fresh()}', ${s.random(99)})`]],
  [20, (s) => [`update by_index set value = value + 1, code = 'code ${s.fresh()}' where code = 'code ${own(s, 1000)}'`]],
  [20, (s) => [`delete from by_index where code = 'code ${own(s, 1000)}'`]],
  [40, (s) => [`insert into reading select ${s.random(6)}, ${s.fresh()}, 0, active, active from (select ${s.random(2)} = 1 active) a`]],
  [30, (s) => [`update reading set value = value + 1, active = not active where id = ${own(s)}`]],
  [20, (s) => [`update reading set region = (region + 1) % 6 where id = ${own(s)}`]],
  [20, (s) => [`delete from reading where id = ${own(s)}`]],
  [20, (s) => [`insert into "My Schema"."t.able" values (${s.fresh()}, e'tab\\t, ''quote'' and \\\\', 1e400)`]],
  [30, (s) => [`update "My Schema"."t.able" set "select" = ${s.random(99)} where "Key ""x""" = ${own(s)}`]],
  [15, (s) => [`delete from "My Schema"."t.able" where "Key ""x""" = ${own(s)}`]],
  [30, (s) => (s.keyless ? [`insert into keyless select ${s.number}, ${s.random(50)}, 'new' from generate_series(1, 2)`] : [])],
  [20, (s) => (s.keyless === 'changes' ? [`update keyless set value = value + 1 where ctid = ${oneRow('keyless', s)}`] : [])],
  [20, (s) => (s.keyless === 'changes' ? [`delete from keyless where ctid = ${oneRow('keyless', s)}`] : [])],
  [40, queued],
  [20, (s) => [`delete from queue where id = ${s.recent()}`]],
  [30, (s) => [`insert into scratch (text) select 'new' from generate_series(1, ${1 + s.random(5)})`]],
  [4, manySavepoints],
  [2, () => ['create temp table passing (id int) on commit drop', 'insert into passing values (1)']],
]

/** @type {Kind} the parent first: it's what a TRUNCATE of both waits for first */
function queued(session) {
  const id = session.fresh()
  return [
    `insert into queue values (${id}, 'new')`,
    `insert into queue_item select ${id}, n from generate_series(1, ${1 + session.random(3)}) n`,
  ]
}

/** @type {(table: string, session: Session) => string} one of those that look alike */
function oneRow(table, { number, random }) {
  return `(select ctid from ${table} where owner = ${number} and value >= ${random(50)} limit 1)`
}

const total = kinds.reduce((sum, [weight]) => sum + weight, 0)

/** @type {(session: Session) => number} */
function pick({ random }) {
  let left = random(total)
  return kinds.findIndex(([weight]) => (left -= weight) < 0)
}

/** Several kinds, none twice, in the order of their tables. @type {(session: Session, count: number) => string[]} */
function several(session, count) {
  const picked = new Set(Array.from({ length: count }, () => pick(session)))
  return [...picked].sort((a, b) => a - b).flatMap((index) => kinds[index]?.[1](session) ?? [])
}

/** @type {readonly (readonly string[])[]} */
const emptyings = [
  ['truncate queue, queue_item', `insert into queue values (-1, 'after')`],
  ['truncate queue_item'],
  ['insert into scratch (text) values (null)', 'truncate scratch', `insert into scratch (text) values ('after')`],
  ['truncate queue, queue_item, scratch'],
]

/**
 * The next transaction: messages of several statements each, with a pause between them.
 * @type {(session: Session) => readonly string[]}
 */
export function nextTransaction(session) {
  const chance = session.random(1000)
  if (session.truncates && session.number === 0 && chance < 3) return [whole(emptyings[session.random(emptyings.length)] ?? [])]
  const statements = several(session, chance < 650 ? 1 : 2 + session.random(4))
  if (statements.length < 2) return [statements[0] ?? 'select 1']
  const half = session.random(statements.length)
  const [first, rest] = [statements.slice(0, half), statements.slice(half)]
  if (chance > 990) return [['begin', ...first].join('; '), [...rest, 'commit'].join('; ')]
  if (chance > 960) return [whole([...first, 'savepoint a', ...rest, 'savepoint b', ...unrelated(session), 'rollback to a', 'release a'])]
  if (chance > 930) return [['begin', ...statements, 'rollback'].join('; ')]
  return [whole(statements)]
}

/** @type {(statements: readonly string[]) => string} */
function whole(statements) {
  return ['begin', ...statements, 'commit'].join('; ')
}

/** @type {(session: Session) => string[]} what may follow anything, and is undone */
function unrelated({ fresh }) {
  return [`insert into scratch values (-${fresh()}, 'undone')`]
}
