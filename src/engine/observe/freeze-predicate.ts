import { estimateFilter, judged, readExpressionTypes, readParameterTypes } from '../../pg/catalog/filters.ts'
import { evaluate } from '../../pg/catalog/frozen-values.ts'
import { readKnownNames } from '../../pg/catalog/known-names.ts'
import type { Session } from '../../pg/session.ts'
import { loadSqlParser } from '../../pg/sql-parser.ts'
import type { ObservedRelation } from '../../plan/observed.ts'
import type { FrozenClock } from '../../scope/clock.ts'
import { freezableParts, writeFrozen } from '../../scope/freeze-parts.ts'
import { judgeFunctions } from '../../scope/judge-functions.ts'
import { KnownNames } from '../../scope/known-names.ts'
import { datedTypes, untypedLiterals, withParameters } from '../../scope/literal-types.ts'
import { parsePredicate } from '../../scope/parse-predicate.ts'
import type { Predicate } from '../../scope/predicate.ts'
import { missingColumns, spellOut } from '../../scope/spell-out.ts'
import { surveyPredicate } from '../../scope/survey-predicate.ts'
import type { SqlParser } from '../../scope/syntax-tree.ts'

type Relation = Pick<ObservedRelation, 'schema' | 'name' | 'kind' | 'columns' | 'isHypertable'>

/**
 * The user's predicate as one that selects the same rows whenever and wherever it's run: what depends on time or time zone alone is evaluated once,
 * with the clock standing at one moment, and the value written in its place. https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
export async function freezePredicate(session: Session, relation: Relation, given: string, clock: FrozenClock): Promise<Predicate> {
  const refused = (error: string): Predicate => ({ sql: given, given: null, error })
  const parser = await loadSqlParser()
  const parsed = parsePredicate(parser, given)
  if (parsed.error !== null) return refused(parsed.error)
  const survey = surveyPredicate(parsed.expression)
  const known = new KnownNames(await readKnownNames(session, survey), relation.schema)
  const [problem] = [...survey.problems, ...missingColumns(survey, relation), ...judgeFunctions(survey, known)]
  if (problem !== undefined) return refused(problem)
  const spelled = spellOut(given, parser.tokens(given), survey, relation, known)
  // With the user's own names the server's words are clearer, and nothing is evaluated that it wouldn't run.
  const found = await judged(session, async () => {
    await estimateFilter(session, relation, spelled)
    return await freezeParts(session, parser, relation, spelled, known, clock)
  })
  if (found.error !== null) return refused(found.error)
  return found.found.error === null ? { ...found.found, given: found.found.sql === given ? null : given } : refused(found.found.error)
}

async function freezeParts(
  session: Session,
  parser: SqlParser,
  relation: Relation,
  text: string,
  known: KnownNames,
  clock: FrozenClock,
): Promise<Pick<Predicate, 'sql' | 'error'>> {
  const parsed = parsePredicate(parser, text)
  if (parsed.error !== null) return { sql: text, error: parsed.error }
  const predicate = { text, tokens: parser.tokens(text), expression: parsed.expression }
  const untyped = untypedLiterals(predicate, clock)
  const types = untyped.length === 0 ? [] : await readParameterTypes(session, relation, withParameters(text, untyped))
  const freezable = freezableParts(parser, predicate, { known, clock, literalTypes: datedTypes(untyped, types) })
  if (freezable.error !== null) return { sql: text, error: freezable.error }
  const { parts } = freezable
  const others = parts.flatMap(({ comparedWith }) => comparedWith)
  const otherTypes = new Map((await readExpressionTypes(session, relation, others)).map((type, index) => [others[index] ?? '', type]))
  const values = await evaluate(
    session,
    parts.map(({ sql, comparedWith }) => ({ sql, comparedWith: comparedWith.flatMap((one) => otherTypes.get(one) ?? []) })),
  )
  const frozen = writeFrozen(
    parser,
    predicate,
    parts.flatMap((part, index) => {
      const value = values[index]
      return value === undefined ? [] : { ...part, ...value }
    }),
  )
  return frozen === undefined
    ? { sql: text, error: "the part that reads the clock can't be replaced: compare with a literal" }
    : { sql: frozen, error: null }
}
