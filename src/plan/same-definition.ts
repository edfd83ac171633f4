import { definitionTokens } from './definition-tokens.ts'

/**
 * Whether two expressions or statements that PostgreSQL wrote are the same. Majors write differently: 16 and later leave out needless
 * qualifiers of columns.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CATALOG
 */
export function sameDefinition(source: string, target: string, sameMajor: boolean): boolean {
  if (source === target) return true
  const [one, other] = [definitionTokens(source), definitionTokens(target)]
  return sameMajor ? one.join('\n') === other.join('\n') : sameButQualifiers(one, other)
}

/** Where one side has `name.` and the other hasn't, what follows the dot must be the same; elsewhere all must be. */
function sameButQualifiers(one: readonly string[], other: readonly string[]): boolean {
  let i = 0
  let j = 0
  while (i < one.length && j < other.length) {
    if (isQualified(one, i) && !isQualified(other, j) && one[i + 2] === other[j]) i += 2
    else if (isQualified(other, j) && !isQualified(one, i) && other[j + 2] === one[i]) j += 2
    if (one[i] !== other[j]) return false
    i++
    j++
  }
  return i === one.length && j === other.length
}

const isQualified = (tokens: readonly string[], index: number) => tokens[index + 1] === '.'
