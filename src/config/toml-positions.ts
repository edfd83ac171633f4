export interface Position {
  readonly line: number
  readonly column: number
}

/** Where each key and array item of a valid TOML text stands; the parser that validated it keeps no positions. */
export function tomlPositions(text: string): (path: readonly PropertyKey[]) => Position | undefined {
  const offsets = new Scanner(text).scan()
  const starts = lineStarts(text)
  return (path) => {
    for (let length = Math.min(path.length, deepest); length > 0; length--) {
      const offset = offsets.get(keyOf(path.slice(0, length)))
      if (offset !== undefined) return positionOf(starts, offset)
    }
    return undefined
  }
}

type Path = readonly (string | number)[]

/** Nothing that is looked for lies deeper, and what lies deeper stands where the last of these does. */
const deepest = 12

class Scanner {
  readonly #text: string
  readonly #offsets = new Map<string, number>()
  /** Arrays of tables: how many of each there are so far. */
  readonly #counts = new Map<string, number>()
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  scan(): ReadonlyMap<string, number> {
    let table: Path = []
    for (let last = -1; this.#at < this.#text.length && this.#at !== last; this.#skipBlank()) {
      last = this.#at
      this.#skipBlank()
      if (this.#at >= this.#text.length) break
      if (this.#take('[[')) table = this.#arrayHeader()
      else if (this.#take('[')) table = this.#header()
      else this.#pair(table)
    }
    return this.#offsets
  }

  #header(): Path {
    this.#skipBlank()
    const start = this.#at
    const path = this.#inside(this.#key())
    this.#noteAll(path, start)
    this.#skipPast(']')
    return path
  }

  #arrayHeader(): Path {
    this.#skipBlank()
    const start = this.#at
    const keys = this.#key()
    const array = [...this.#inside(keys.slice(0, -1)), ...keys.slice(-1)]
    const index = this.#counts.get(keyOf(array)) ?? 0
    this.#counts.set(keyOf(array), index + 1)
    this.#noteAll([...array, index], start)
    this.#skipPast(']]')
    return [...array, index]
  }

  /** A header's keys lead through the latest item of each array of tables on the way. */
  #inside(keys: Path): Path {
    const path: (string | number)[] = []
    for (const key of keys) {
      path.push(key)
      const count = this.#counts.get(keyOf(path))
      if (count !== undefined) path.push(count - 1)
    }
    return path
  }

  #pair(table: Path): void {
    const start = this.#at
    const path = [...table, ...this.#key()]
    this.#noteAll(path, start)
    this.#skipPast('=')
    this.#skipBlank()
    this.#value(path)
  }

  #key(): string[] {
    const keys: string[] = []
    do {
      this.#skipBlank()
      const quote = this.#text[this.#at]
      keys.push(quote === '"' || quote === "'" ? this.#string() : this.#match(/[\w-]*/y))
      this.#skipBlank()
    } while (this.#take('.'))
    return keys
  }

  #value(path: Path): void {
    const first = this.#text[this.#at]
    if (first === '[') this.#items(']', (index) => [...path, index])
    else if (first === '{') this.#items('}', () => undefined, path)
    else if (first === '"' || first === "'") this.#string()
    else this.#match(/[^,\]}\r\n#]*/y)
  }

  #items(end: string, itemPath: (index: number) => Path | undefined, table: Path = []): void {
    this.#at++
    for (let index = 0; ; index++) {
      this.#skipBlank()
      if (this.#take(end) || this.#at >= this.#text.length) return
      const path = itemPath(index)
      if (path === undefined) this.#pair(table)
      else {
        this.#note(path, this.#at)
        this.#value(path)
      }
      this.#skipBlank()
      this.#take(',')
    }
  }

  #string(): string {
    const raw = this.#match(/"""(?:[^\\]|\\[^])*?"{3,5}(?!")|'''[^]*?'{3,5}(?!')|"(?:[^"\\]|\\.)*"|'[^']*'/y)
    return raw.startsWith("'") ? raw.slice(1, -1) : unescaped(raw.slice(1, -1))
  }

  #skipBlank(): void {
    this.#match(/(?:[\s,]|#[^\n]*)*/y)
  }

  #skipPast(mark: string): void {
    this.#skipBlank()
    this.#take(mark)
  }

  #take(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#at)) return false
    this.#at += mark.length
    return true
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  /** Tables on the way that have no header of their own stand where they are first named. */
  #noteAll(path: Path, offset: number): void {
    for (let length = 1; length <= Math.min(path.length, deepest); length++) this.#note(path.slice(0, length), offset)
  }

  #note(path: Path, offset: number): void {
    if (path.length <= deepest && !this.#offsets.has(keyOf(path))) this.#offsets.set(keyOf(path), offset)
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gi, (_, short?: string, long?: string, char = '') => {
    const code = short ?? long
    return code === undefined ? (escapes.get(char) ?? char) : String.fromCodePoint(Number.parseInt(code, 16))
  })
}

const escapes = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
])

function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path)
}

/** Offsets at which lines begin: a long list asks for the place of each item. */
function lineStarts(text: string): number[] {
  const starts = [0]
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}

function positionOf(starts: readonly number[], offset: number): Position {
  let [line, after] = [0, starts.length]
  while (after - line > 1) {
    const middle = (line + after) >> 1
    if ((starts[middle] ?? 0) <= offset) line = middle
    else after = middle
  }
  return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
}
