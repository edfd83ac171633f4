// @ts-check

/**
 * @typedef {import('./ways.mjs').Result} Result
 * @typedef {{ readonly median: number, readonly least: number, readonly most: number }} Spread
 * @typedef {{ way: string, runs: number, seconds: Spread, cpu: Spread, ownCpuPerGigabyte?: number, ownPeakMegabytes: number, oursByWall?: number, oursByCpu?: number }} Row
 */

/**
 * Medians and spread of each way, and ours divided by it.
 * @param {ReadonlyMap<string, readonly Result[]>} results
 * @returns {Row[]}
 */
export function summarise(results) {
  const rows = [...results].map(([way, runs]) => summariseWay(way, runs))
  const ours = rows.find(({ way }) => way === 'ours')
  return rows.map((row) =>
    ours && row !== ours
      ? { ...row, oursByWall: ours.seconds.median / row.seconds.median, oursByCpu: ours.cpu.median / row.cpu.median }
      : row,
  )
}

/**
 * @param {string} way
 * @param {readonly Result[]} runs
 * @returns {Row}
 */
function summariseWay(way, runs) {
  const perGigabyte = runs.flatMap(({ ownCpu, copiedBytes }) => (copiedBytes ? [ownCpu / (copiedBytes / 1e9)] : []))
  return {
    way,
    runs: runs.length,
    seconds: spread(runs.map(({ seconds }) => seconds)),
    cpu: spread(runs.map(({ cpu }) => cpu)),
    ownPeakMegabytes: Math.max(...runs.map(({ ownPeak }) => ownPeak)) / 1e6,
    ...(perGigabyte.length > 0 ? { ownCpuPerGigabyte: spread(perGigabyte).median } : {}),
  }
}

/**
 * @param {readonly number[]} values
 * @returns {Spread}
 */
function spread(values) {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const median = sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
  return { median, least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0 }
}

/**
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function formatTable(rows) {
  const head = ['way', 'wall s', 'least–most', 'CPU s', 'least–most', 'ours ÷ it, wall', 'ours ÷ it, CPU', 'own CPU s/GB', 'own peak MB']
  const lines = rows.map((row) => [
    row.way,
    row.seconds.median.toFixed(2),
    `${row.seconds.least.toFixed(2)}–${row.seconds.most.toFixed(2)}`,
    row.cpu.median.toFixed(2),
    `${row.cpu.least.toFixed(2)}–${row.cpu.most.toFixed(2)}`,
    row.oursByWall?.toFixed(2) ?? '',
    row.oursByCpu?.toFixed(2) ?? '',
    row.ownCpuPerGigabyte?.toFixed(2) ?? '',
    // Of the others, the first process is a shell.
    row.way === 'ours' ? row.ownPeakMegabytes.toFixed(0) : '',
  ])
  const widths = head.map((name, index) => Math.max(name.length, ...lines.map((line) => line[index]?.length ?? 0)))
  return [head, ...lines]
    .map((line) => line.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  '))
    .join('\n')
}
