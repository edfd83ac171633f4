/** The one place where numbers become words. Sizes count by 1024, as PostgreSQL's `pg_size_pretty` does. */
export function formatBytes(bytes: bigint | number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = Number(bytes)
  let unit = 0
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? Math.round(value) : significant(value)} ${units[unit]}`
}

export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(Math.round(bytesPerSecond))}/s`
}

/** Thousands apart: 12,345,678. */
export function formatCount(count: bigint | number): string {
  return count.toLocaleString('en-US')
}

/** An estimate, by its leading digits: 12.3 M. */
export function formatEstimate(count: bigint): string {
  const value = Number(count)
  for (const [size, unit] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
  ] as const)
    if (value >= size) return `${significant(value / size)} ${unit}`
  return formatCount(count)
}

export function formatDuration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  if (hours === 0) return `${minutes} min ${rest} s`
  return hours < 48 ? `${hours} h ${minutes} min` : `${Math.round(hours / 24)} days`
}

/** Without the precision that an estimate hasn't got. */
export function formatRoughDuration(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 90) return `${Math.round(seconds / 5) * 5} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${significant(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}

export function formatShare(part: bigint | number, whole: bigint | number): string {
  if (Number(whole) === 0) return '100 %'
  // Never 100 before it is all: who reads it takes it for done.
  return `${Math.min(Math.floor((Number(part) / Number(whole)) * 100), part === whole ? 100 : 99)} %`
}

export function plural(count: bigint | number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${Number(count) === 1 ? one : many}`
}

function significant(value: number): string {
  return value < 99.95 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value))
}
