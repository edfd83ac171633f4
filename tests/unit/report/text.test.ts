import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problem } from '../../../src/errors.ts'
import { failureLines } from '../../../src/report/failure.ts'
import { formatBytes, formatCount, formatDuration, formatEstimate, formatRoughDuration, formatShare } from '../../../src/report/format.ts'
import { displayName } from '../../../src/report/names.ts'
import { neutralise } from '../../../src/report/neutralise.ts'
import { styles } from '../../../src/report/reporter.ts'
import { resultReporter } from '../../../src/report/result-text.ts'
import { cut, padEnd, widthOf } from '../../../src/report/width.ts'
import { copied, failure, hostileName, result, table, verified } from './sample.ts'

describe('numbers', () => {
  test.each([
    [0n, '0 bytes'],
    [999n, '999 bytes'],
    [1000n, '1 kB'],
    [1536n, '1.5 kB'],
    [9_437_184n, '9 MB'],
    [123_456_789n, '118 MB'],
    [5n * 1024n ** 4n, '5 TB'],
  ])('%d bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
  test.each([
    [0.0004, '0 ms'],
    [0.25, '250 ms'],
    [1, '1.0 s'],
    [59.99, '1 min 0 s'],
    [90, '1 min 30 s'],
    [3599.7, '1 h 0 min'],
    [200_000, '2 days'],
  ])('%d seconds', (seconds, text) => expect(formatDuration(seconds)).toBe(text))
  test.each([
    [0.1, '1 s'],
    [42, '40 s'],
    [100, '2 min'],
    [7200, '2 h'],
  ])('about %d seconds', (seconds, text) => expect(formatRoughDuration(seconds)).toBe(text))
  test('counts', () =>
    expect([formatCount(12_345_678n), formatEstimate(12_345_678n), formatEstimate(999n)]).toEqual(['12,345,678', '12.3 M', '999']))
  test('a share is 100 % when it is all, and no sooner', () =>
    expect([formatShare(999n, 1000n), formatShare(1000n, 1000n), formatShare(0n, 0n), formatShare(99_999, 100_000)]).toEqual([
      '99 %',
      '100 %',
      '100 %',
      '99 %',
    ]))
})

describe('names', () => {
  test.each([
    ['public', 'film', 'public.film'],
    ['My Schema', 'a"b', '"My Schema"."a""b"'],
    ['public', 'Film', 'public."Film"'],
    ['a', 'x\u001b[2Jy', 'a."x\\u{1b}[2Jy"'],
    ['a', 'left\u202eright', 'a."left\\u{202e}right"'],
  ])('%s %s', (schema, name, text) => expect(displayName({ schema, name })).toBe(text))
})

describe('nothing can drive the runner', () => {
  test.each(['::error::x', '  ::set-output name=a::b', 'a\n::add-mask::b', 'a\r::debug::b', 'x ##[command]y', '\u0085::x::'])(
    '%j',
    (text) => {
      expect(runnerObeys(neutralise(text))).toBe(false)
    },
  )
  test('and text that could not stays as it is', () =>
    expect(neutralise("a::text, '1'::int, #[b] ## [c]")).toBe("a::text, '1'::int, #[b] ## [c]"))
  test('whatever it is', () => {
    const nasty = fc.string({ unit: fc.constantFrom(':', '#', '[', '\n', '\r', ' ', '\t', '\u0085', '\u2028', 'a') })
    fc.assert(
      fc.property(nasty, (text) => {
        expect(runnerObeys(neutralise(text))).toBe(false)
      }),
    )
  })
})

describe('width on a terminal', () => {
  test.each([
    ['abc', 3],
    ['日本', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['\u001b[31mred\u001b[39m', 3],
  ])('%s', (text, width) => expect(widthOf(text)).toBe(width))
  test('cutting and padding', () => {
    expect([cut('日本語', 5), cut('日本語', 4), cut('abc', 3), padEnd('日', 4)]).toEqual(['日本…', '日…', 'abc', '日  '])
  })
})

test('a finding: where, what, what to do, SQL', () => {
  const finding = problem('privilege-missing', 'no privilege on it', {
    relation: '"public"."film"',
    hint: 'Grant it.',
    sql: 'grant select\non film to app;',
  })
  expect(failureLines(finding, styles(false))).toEqual([
    '✗ "public"."film": no privilege on it [privilege-missing]',
    '  → Grant it.',
    '    grant select',
    '    on film to app;',
  ])
})

describe('results as text', () => {
  test('plan', () => {
    const text = shown(
      result(
        'plan',
        [table(), table({ name: '日本', heapBytes: 1024n, toastBytes: 0n, rule: 'filtered' }), table({ name: 'parent', rule: 'empty' })],
        { estimatedSeconds: 65, planDigest: 'abc' },
      ),
    )
    expect(text).toContain('public.film')
    expect(text).not.toContain('parent')
    expect(text).toContain('filtered, binary')
    expect(text.trimEnd()).toMatch(/digest abc\n✓ plan: 2 tables in 1 database, 9 MB to copy, about 65 s$/)
  })

  test('init that failed: failures first, what is to go', () => {
    const text = shown(result('init', [copied(), table({ name: 'broken', failure })], { outcome: 'failed', problems: [failure] }))
    expect(text.indexOf('broken')).toBeLessThan(text.indexOf('public.film'))
    expect(text.trimEnd()).toMatch(/✗ init failed with 1 problem in 1 min 30 s: 1 table, 1,000 rows, 8\.6 MB copied, 1 to go$/)
  })

  test('verify', () => {
    const text = shown(result('verify', [verified('equal'), verified('skipped', { name: 'x' })]))
    expect(text.trimEnd()).toMatch(/✓ verify is done: 1 table equal, 1 skipped in 1 min 30 s$/)
  })

  test('no name drives the terminal', () => {
    const text = shown(
      result('init', [copied({ name: hostileName })], {
        problems: [problem('copy-failed', hostileName)],
        databases: [{ name: hostileName, tables: [copied({ name: hostileName })] }],
      }),
    )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })
})

function shown(one: ReturnType<typeof result>): string {
  let text = ''
  void resultReporter({ write: (more) => (text += more), styles: styles(false), size: undefined }).finished?.(one)
  return text
}

/** As the runner reads lines: https://github.com/actions/runner, ActionCommand.TryParseV2 and TryParse. */
function runnerObeys(text: string): boolean {
  return text.includes('##[') || text.split(/[\r\n]/).some((line) => /^[\s\u0085]*::/.test(line))
}
