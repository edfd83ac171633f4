/**
 * Whether two expressions or statements that PostgreSQL wrote are the same. What it writes isn't always what it writes again once
 * that was read back, and majors write differently: 16 and later leave out needless qualifiers of columns.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CATALOG
 */
export function sameDefinition(source: string, target: string, sameMajor: boolean): boolean {
  if (source === target) return true
  const [one, other] = [tokens(castElements(source)), tokens(castElements(target))]
  return sameMajor ? one.join('\n') === other.join('\n') : sameButQualifiers(one, other)
}

/** A literal or a name, perhaps with its cast. */
const element = String.raw`(?:E?'(?:[^']|'')*'|[^\s,'"()[\]:]+)(?:::[a-z ]+)?`
const castArray = new RegExp(String.raw`\(ARRAY\[(${element}(?:, ${element})*)\]\)::([a-z ]+)\[\]`, 'g')

/** `(ARRAY['a'::varchar])::text[]`, what IN makes of a varchar, is read back as `ARRAY[('a'::varchar)::text]`. */
function castElements(definition: string): string {
  return definition.replace(castArray, (_, elements: string, type: string) => {
    const cast = elements.match(new RegExp(element, 'g')) ?? []
    return `ARRAY[${cast.map((one) => `(${one})::${type}`).join(', ')}]`
  })
}

/** Literals, quoted names, words and numbers, and every other character by itself; white space between them doesn't count. */
const token = /[EUBX]?&?'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}\p{N}_$]+|[^\s]/gu

function tokens(definition: string): string[] {
  return definition.match(token) ?? []
}

/** Where one side has `name.` and the other hasn't, what follows the dot must be the same; elsewhere all must be. */
function sameButQualifiers(one: readonly string[], other: readonly string[]): boolean {
  let i = 0
  let j = 0
  while (i < one.length && j < other.length) {
    if (one[i] !== other[j]) {
      if (one[i + 1] === '.' && one[i + 2] === other[j]) i += 2
      else if (other[j + 1] === '.' && other[j + 2] === one[i]) j += 2
      else return false
    }
    i++
    j++
  }
  return i === one.length && j === other.length
}
