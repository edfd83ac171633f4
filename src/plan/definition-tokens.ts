/**
 * The words and signs of an expression or statement as PostgreSQL writes it, without what it writes otherwise once it read that back:
 * white space, where elements of an array are cast, and how far AND and OR are nested.
 */
export function definitionTokens(definition: string): string[] {
  const words = castElements(definition).match(token) ?? []
  return write(nest(words))
}

/** Literals, quoted names, words and numbers, and every other character by itself. */
const token = /[EUBX]?&?'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}\p{N}_$]+|[^\s]/gu

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

/** What stands between parentheses is a list within the list. */
type Nested = (string | Nested)[]

function nest(words: readonly string[]): Nested {
  const outermost: Nested = []
  const open: Nested[] = [outermost]
  for (const word of words) {
    const innermost = open.at(-1) ?? outermost
    if (word === '(') {
      const group: Nested = []
      innermost.push(group)
      open.push(group)
    } else if (word === ')' && open.length > 1) open.pop()
    else innermost.push(word)
  }
  return outermost
}

function write(list: Nested): string[] {
  const operator = operatorOf(list)
  return list.flatMap((one, index) => {
    if (typeof one === 'string') return [one]
    const isOperand = [list[index - 1], list[index + 1]].every((neighbour) => neighbour === undefined || neighbour === operator)
    // `(a AND b) AND c` is read back as `a AND b AND c`.
    return operator !== undefined && isOperand && operatorOf(one) === operator ? write(one) : ['(', ...write(one), ')']
  })
}

function operatorOf(list: Nested): 'AND' | 'OR' | undefined {
  return (['AND', 'OR'] as const).find((operator) => list.includes(operator))
}
