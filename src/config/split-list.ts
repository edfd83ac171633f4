/** Items of a list input: one per line, `#` starts a comment line; also at commas outside of quotes where no item can hold one. */
export function splitList(given: string | readonly string[], { commas }: { readonly commas: boolean }): string[] {
  const lines = (typeof given === 'string' ? [given] : given).flatMap((one) => one.split(/\r?\n/))
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => (commas ? splitOutsideQuotes(line, ',') : [line]))
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** Splits at a one-character separator, at most `limit` pieces, never inside of double quotes. */
export function splitOutsideQuotes(text: string, separator: string, limit = Number.POSITIVE_INFINITY): string[] {
  const pieces: string[] = []
  let start = 0
  let quoted = false
  for (let index = 0; index < text.length && pieces.length + 1 < limit; index++) {
    if (text[index] === '"') quoted = !quoted
    if (quoted || text[index] !== separator) continue
    pieces.push(text.slice(start, index))
    start = index + 1
  }
  return [...pieces, text.slice(start)]
}
