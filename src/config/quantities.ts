import type { TimeWindow } from './config.ts'
import { InvalidValue } from './invalid-value.ts'

export function parseWholeNumber(text: string, minimum: number, maximum: number): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  if (value >= minimum && value <= maximum) return value
  throw new InvalidValue(`expected a whole number from ${minimum} to ${maximum}, not "${text}"`)
}

export function parseBoolean(text: string): boolean {
  const value = booleans.get(text.trim().toLowerCase())
  if (value === undefined) throw new InvalidValue(`expected true or false, not "${text}"`)
  return value
}

/** Seconds. `330m`, `500ms`, `1h30m`; a bare 0 is a duration too. */
export function parseDuration(text: string): number {
  const compact = text.trim().toLowerCase().replaceAll(/\s+/g, '')
  if (compact === '0') return 0
  // The whole first: a search would look through the digits again from each of them.
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(compact)) {
    throw new InvalidValue(`expected a duration, not "${text}"`, { hint: 'Write it like 330m, 90s, 1h30m or 500ms.' })
  }
  const pieces = [...compact.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  return pieces.reduce((sum, [, count, unit = '']) => sum + Number(count) * (secondsOf[unit] ?? 0), 0)
}

/** Bytes. `1048576`, `16MB`, `1.5 GiB`; K, M, G, T are powers of 1024, as PostgreSQL counts. */
export function parseBytes(text: string): bigint {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b|ytes?)?$/i.exec(text.trim())
  if (match === null) throw new InvalidValue(`expected a number of bytes, not "${text}"`, { hint: 'Write it like 1048576, 16MB or 1.5GB.' })
  const [, count = '', unit = ''] = match
  const factor = 1024 ** ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase())
  return count.includes('.') ? BigInt(Math.round(Number(count) * factor)) : BigInt(count) * BigInt(factor)
}

/** `6 months`, `1 day`, and the short forms `90d`, `2w`, `1y`. */
export function parseTimeWindow(text: string): TimeWindow {
  const match = /^(\d+)\s*([a-z]+)$/i.exec(text.trim())
  const unit = windowUnits.get(match?.[2]?.toLowerCase() ?? '')
  const count = Number(match?.[1])
  if (match === null || unit === undefined) {
    throw new InvalidValue(`expected a window of time, not "${text}"`, {
      hint: 'Write a whole number and second(s), minute(s), hour(s), day(s), week(s), month(s) or year(s), like 6 months.',
      code: 'filter-invalid',
    })
  }
  if (count < 1 || count > longestWindow)
    throw new InvalidValue(`the window "${text}" must count from 1 to ${longestWindow}`, { code: 'filter-invalid' })
  return { count, unit }
}

/** An interval of more is no window: PostgreSQL's timestamps end with the year 294276. */
const longestWindow = 1_000_000_000

const secondsOf: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }

const booleans = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
])

/** No `m`: months to some, minutes to others. */
const shortUnits = {
  second: ['s', 'sec', 'secs'],
  minute: ['min', 'mins'],
  hour: ['h', 'hr', 'hrs'],
  day: ['d'],
  week: ['w'],
  month: ['mon', 'mons', 'mo'],
  year: ['y', 'yr', 'yrs'],
} as const

const windowUnits = new Map(
  Object.entries(shortUnits).flatMap(([unit, short]) =>
    [unit, `${unit}s`, ...short].map((word) => [word, unit as TimeWindow['unit']] as const),
  ),
)
