import { type Row, tableEnd, tableRow, tableStart } from './markup.ts'

/** A step's summary over 1 MiB is dropped whole; what a later write of the same step needs stays free. */
const mostBytes = 900 * 1024
/** More rows than this nobody reads there. */
const mostRows = 250

/** Collects the summary's blocks for as long as there is room: what matters most is to be added first. */
export class Room {
  #left = mostBytes
  #text = ''

  get text(): string {
    return this.#text
  }

  /** False: it didn't fit, and was left out. */
  add(block: string): boolean {
    const size = Buffer.byteLength(block)
    if (size > this.#left) return false
    this.#left -= size
    this.#text += block
    return true
  }

  /** Rows until they are too many; says how many are missing. */
  addTable<T>(head: Row, items: readonly T[], toRow: (item: T) => Row, what: string): void {
    this.add(table(head, items, toRow, what, this.#left))
  }
}

/** The same as a block, to be put into another. */
export function table<T>(head: Row, items: readonly T[], toRow: (item: T) => Row, what: string, room = mostBytes / 4): string {
  let rows = ''
  let count = 0
  let left = room - 1000
  for (const item of items) {
    const row = tableRow(toRow(item))
    left -= Buffer.byteLength(row)
    if (left < 0 || count === mostRows) break
    rows += row
    count++
  }
  const missing = items.length - count
  const note = missing === 0 ? '' : `<sub>${missing.toLocaleString('en-US')} more ${what} in the report.</sub>\n\n`
  return tableStart(head) + rows + tableEnd + note
}
