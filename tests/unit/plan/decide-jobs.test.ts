import { expect, test } from 'vitest'
import { decideJobs } from '../../../src/plan/decide-jobs.ts'

const server = (maximum: number, used = 0, superuser = true) => ({ connections: { maximum, reserved: 3, used }, superuser })

test.each([
  ['processors', 4, [server(100), server(100)], 4],
  ['at most eight', 64, [server(1000), server(1000)], 8],
  ['at least two', 1, [server(100), server(100)], 2],
  ['half of what is free', 16, [server(100), server(20, 6)], 5],
  ['what is reserved isn’t free', 16, [server(100), server(20, 6, false)], 3],
  ['even where nothing is', 16, [server(5, 5), server(100)], 2],
])('%s', (_, processors, servers, expected) => {
  expect(decideJobs(undefined, processors, servers)).toBe(expected)
})

test('what was asked for', () => {
  expect(decideJobs(12, 2, [server(10), server(10)])).toBe(12)
})
