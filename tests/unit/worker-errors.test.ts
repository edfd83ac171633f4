import { expect, test } from 'vitest'
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
  expect([...lastWorkerErrors(log, ours)]).toEqual([
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
  expect(lastWorkerErrors(log, ours).get(16_400)).toBe(
    'could not connect to the publisher: connection to server at "10.0.0.1", port 5432 failed: Connection refused Is the server running on that host and accepting TCP/IP connections?',
  )
})

test('a name that several databases have tells nothing', () => {
  const log = `[71] LOG:  logical replication apply worker for subscription "seren_replication_sub" has started
[71] ERROR:  whose?
`
  expect(lastWorkerErrors(log, [{ oid: 16_400, name: 'seren_replication_sub', ambiguous: true }]).size).toBe(0)
})

test('the last error is the one, and half a line at the beginning is none', () => {
  const log = `ext "seren_replication_sub" has started
[71] LOG:  logical replication apply worker for subscription "seren_replication_sub" has started
[71] ERROR:  first
[71] ERROR:  second
`
  expect(lastWorkerErrors(log, ours).get(16_400)).toBe('second')
})
