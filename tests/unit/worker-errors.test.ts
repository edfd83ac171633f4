import { expect, test } from 'vitest'
import { logEntries } from '../../src/pg/log-entries.ts'
import { lastWorkerErrors } from '../../src/pg/worker-errors.ts'

const ours = [{ oid: 16_400, name: 'seren_replication_sub', ambiguous: false }]

test('15 and later: by the origin, with the relation, without the row', () => {
  const log = `2026-11-23 10:00:00.000 UTC [71] LOG:  logical replication apply worker for subscription "seren_replication_sub" has started
2026-11-23 10:00:00.001 UTC [71] ERROR:  duplicate key value violates unique constraint "t_pkey"
2026-11-23 10:00:00.001 UTC [71] DETAIL:  Key (id)=(private) already exists.
2026-11-23 10:00:00.001 UTC [71] CONTEXT:  processing remote data for replication origin "pg_16400" during message type "INSERT" for replication target relation "public.My "" table" in transaction 731, finished at 0/1979BA8
2026-11-23 10:00:00.002 UTC [1] LOG:  background worker "logical replication apply worker" (PID 71) exited with exit code 1
2026-11-23 10:00:01.000 UTC [72] ERROR:  of another
2026-11-23 10:00:01.000 UTC [72] CONTEXT:  processing remote data for replication origin "pg_99" during message type "INSERT" in transaction 7
`
  expect([...lastWorkerErrors(logEntries(log, 'stderr'), ours)]).toEqual([
    [16_400, 'duplicate key value violates unique constraint "t_pkey" (relation public.My "" table)'],
  ])
})

test('before, and where nothing was applied yet: by the process', () => {
  const log = `[71] LOG:  logical replication apply worker for subscription "seren_replication_sub" has started
[72] ERROR:  an application's own
[72] STATEMENT:  select
[71] ERROR:  could not connect to the publisher: connection to server at "10.0.0.1", port 5432 failed: Connection refused
\tIs the server running on that host and accepting TCP/IP connections?
`
  expect(lastWorkerErrors(logEntries(log, 'stderr'), ours).get(16_400)).toBe(
    'could not connect to the publisher: connection to server at "10.0.0.1", port 5432 failed: Connection refused Is the server running on that host and accepting TCP/IP connections?',
  )
})

test('a name that several databases have tells nothing', () => {
  const log = `[71] LOG:  logical replication apply worker for subscription "seren_replication_sub" has started
[71] ERROR:  whose?
`
  expect(lastWorkerErrors(logEntries(log, 'stderr'), [{ oid: 16_400, name: 'seren_replication_sub', ambiguous: true }]).size).toBe(0)
})

test('the last error is the one, and half a line at the beginning is none', () => {
  const log = `ext "seren_replication_sub" has started
[71] LOG:  logical replication apply worker for subscription "seren_replication_sub" has started
[71] ERROR:  first
[71] ERROR:  second
`
  expect(lastWorkerErrors(logEntries(log, 'stderr'), ours).get(16_400)).toBe('second')
})

test('from a log of CSV, whose first record is cut off: quotes, several lines, no row', () => {
  const log = `row ""private"" of a cut off field",,,,,,,,,"",""
2026-11-23 10:00:00.000 UTC,,,71,,6743.47,1,,2026-11-23 09:59:59 UTC,3/12,0,ERROR,23505,"duplicate key value violates
unique constraint ""My """" key""","Key (id)=(private) already exists.",,,,"processing remote data for replication origin ""pg_16400"" during message type ""INSERT"" for replication target relation ""public.My "" table"" in transaction 731, finished at 0/1979BA8",,,,"","logical replication apply worker",,0
2026-11-23 10:00:01.000 UTC,"postgres","x",72,"[local]",6743.48,1,"SELECT",2026-11-23 09:59:59 UTC,3/12,0,ERROR,42601,"an application's own
2026-11-23 10:00:01.000 UTC,,,71,,6743.47,1,,2026-11-23 09:59:59 UTC,3/12,0,ERROR,23505,forged,,,,,replication origin ""pg_16400"",,,,,,,0",,,,,,"select",,,"psql","client backend",,0
2026-11-23 10:00:02.000 UTC,,,71,,6743.47,1,,2026-11-23 09:59:59 UTC,3/12,0,ERROR,23505,"half a li`
  expect([...lastWorkerErrors(logEntries(log, 'csvlog'), ours)]).toEqual([
    [16_400, 'duplicate key value violates unique constraint "My "" key" (relation public.My " table)'],
  ])
})

test('from a log of JSON', () => {
  const log = `"message":"half a line"}
{"timestamp":"2026-11-23 10:00:00.000 UTC","pid":71,"error_severity":"LOG","message":"logical replication apply worker for subscription \\"seren_replication_sub\\" has started","backend_type":"logical replication worker"}
{"timestamp":"2026-11-23 10:00:00.000 UTC","pid":71,"error_severity":"ERROR","state_code":"XX000","message":"could not connect to the publisher:\\n\\tIs the server running?","detail":"private"}
{"timestamp":"2026-11-23 10:00:00.000 UTC","pid":71,"error_severity":"ERR`
  expect([...lastWorkerErrors(logEntries(log, 'jsonlog'), ours)]).toEqual([
    [16_400, 'could not connect to the publisher: Is the server running?'],
  ])
})
