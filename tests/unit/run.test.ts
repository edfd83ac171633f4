import { EventEmitter } from 'node:events'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { problem, Rejection, ReplicatorError, warning } from '../../src/errors.ts'
import type { Emit, Event } from '../../src/events.ts'
import { redactor } from '../../src/report/redact.ts'
import type { Reporter } from '../../src/report/reporter.ts'
import { exitCodeOf, runBody, runCommand } from '../../src/run.ts'
import { listenForSignals } from '../../src/signals.ts'
import { result } from './report/sample.ts'

function setUp(reporters: readonly Reporter[] = [], signal = new AbortController().signal) {
  const complaints: unknown[] = []
  return {
    complaints,
    run: { command: 'init', reporters, redact: redactor(['hunter2']), signal, complain: (error: unknown) => void complaints.push(error) },
  }
}

const fail = (error: unknown, before?: (emit: Emit) => void) => async (emit: Emit) => {
  before?.(emit)
  throw error
}

describe('what is thrown becomes a result', () => {
  const changed = (emit: Emit) => emit({ type: 'phase-started', phase: 'roles' })
  test.each([
    ['a rejection', new Rejection([problem('same-database', 'x')], [warning('trigger', 'y')]), undefined, 'rejected', 'same-database'],
    ['an error before any change', new ReplicatorError('authentication-failed', 'x'), undefined, 'rejected', 'authentication-failed'],
    ['an error after it', new ReplicatorError('restore-failed', 'x'), changed, 'failed', 'restore-failed'],
    ['a lost connection', new ReplicatorError('connection-lost', 'x'), undefined, 'failed', 'connection-lost'],
    ['anything else', new TypeError('x is not a function'), undefined, 'failed', 'internal'],
    ['what is no error', 'a string', undefined, 'failed', 'internal'],
  ] as const)('%s', async (_, error, before, outcome, code) => {
    expect(await runBody(setUp().run, fail(error, before))).toMatchObject({ outcome, problems: [{ code }] })
  })

  test('a bug shows its stack and says so', async () => {
    const { problems } = await runBody(setUp().run, fail(new TypeError('x is not a function')))
    expect(problems[0]?.message).toMatch(/TypeError: x is not a function\n\s+at /)
    expect(problems[0]?.hint).toContain('bug')
  })

  test('the time budget is no failure', async () => {
    expect(await runBody(setUp().run, fail(new ReplicatorError('time-budget', 'over')))).toMatchObject({
      outcome: 'to-be-continued',
      problems: [],
      warnings: [{ code: 'time-budget' }],
    })
  })

  test('whatever fails after a signal was interrupted', async () => {
    const { run } = setUp([], AbortSignal.abort())
    expect((await runBody(run, fail(new Error('cancelled')))).outcome).toBe('interrupted')
    expect((await runBody(run, async () => result('init', [], { outcome: 'failed' }))).outcome).toBe('interrupted')
  })
})

test('a command to come answers so, whatever else is wrong', async () => {
  const { run } = setUp()
  expect(
    await runCommand({ ...run, command: 'cutover' }, { config: undefined, problems: [problem('usage', 'x')], warnings: [] }),
  ).toMatchObject({ outcome: 'rejected', problems: [{ code: 'command-unavailable' }] })
})

test('a renderer that throws stops nothing, and the others go on', async () => {
  const seen: string[] = []
  const broken: Reporter = { started: boom, event: boom, finished: boom }
  const { run, complaints } = setUp([
    broken,
    { event: (event) => void seen.push(event.type), finished: (one) => void seen.push(one.outcome) },
  ])
  const done = await runBody(run, async (emit) => {
    emit({ type: 'note', message: 'x' })
    return result('init', [])
  })
  expect([done.outcome, seen, complaints.length]).toEqual(['done', ['note', 'done'], 3])
})

test('no renderer ever sees a secret', async () => {
  const events: Event[] = []
  const { run } = setUp([{ event: (event) => void events.push(event) }])
  const leaky = problem('copy-failed', 'hunter2', { hint: 'not hunter2', sql: "'hunter2'" })
  const done = await runBody(run, async (emit) => {
    emit({ type: 'note', message: 'hunter2' })
    emit({ type: 'warning', warning: warning('trigger', 'hunter2') })
    emit({ type: 'table-failed', database: 'd', table: { schema: 's', name: 't' }, finding: leaky })
    return result('init', [], { problems: [leaky] })
  })
  expect(JSON.stringify([events, done.problems])).not.toContain('hunter2')
})

test('exit codes', () => {
  const codes = (['done', 'failed', 'rejected', 'different', 'not-met', 'to-be-continued'] as const).map((outcome) =>
    exitCodeOf({ outcome }, undefined),
  )
  expect(codes).toEqual([0, 1, 2, 3, 4, 5])
  expect([exitCodeOf({ outcome: 'interrupted' }, 'SIGINT'), exitCodeOf({ outcome: 'interrupted' }, 'SIGTERM')]).toEqual([130, 143])
})

describe('signals', () => {
  afterEach(() => void vi.useRealTimers())

  function listen() {
    const emitter = new EventEmitter()
    const exit = vi.fn()
    return { emitter, exit, ...listenForSignals(Object.assign(emitter, { exit })) }
  }

  test('the first aborts, and ends everything after 7 s at most', () => {
    vi.useFakeTimers()
    const { emitter, exit, signal, received } = listen()
    emitter.emit('SIGTERM')
    expect([signal.aborted, received()]).toEqual([true, 'SIGTERM'])
    vi.advanceTimersByTime(6999)
    expect(exit).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(exit).toHaveBeenCalledWith(143)
  })

  test('the second ends at once, unless it is an echo of the first', () => {
    vi.useFakeTimers()
    const { emitter, exit } = listen()
    emitter.emit('SIGINT')
    emitter.emit('SIGINT')
    expect(exit).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1000)
    emitter.emit('SIGINT')
    expect(exit).toHaveBeenCalledWith(130)
  })
})

function boom(): never {
  throw new Error('a renderer broke')
}
