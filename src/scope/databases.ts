import type { NamePart, ScopeRules } from '../config/config.ts'
import { suggestion } from '../config/nearest.ts'
import { type Problem, problem } from '../errors.ts'
import { isPattern, matches } from './pattern.ts'

/** A database as far as its selection depends on it. */
interface Selectable {
  readonly name: string
  readonly isTemplate: boolean
  readonly allowConnections: boolean
}

export interface DatabaseSelection {
  readonly names: readonly string[]
  readonly problems: readonly Problem[]
}

/**
 * Which databases may be in scope, before their tables are known: those named, else all that users can have made. Exclude wins.
 */
export function selectDatabases(rules: ScopeRules, databases: readonly Selectable[]): DatabaseSelection {
  const usable = databases.filter(({ allowConnections, isTemplate }) => allowConnections && !isTemplate)
  const included =
    rules.includeDatabases.length === 0
      ? usable.filter(({ name }) => !providers.has(name))
      : named(rules.includeDatabases, databases, usable)
  const names = included.map(({ name }) => name).filter((name) => !rules.excludeDatabases.some((one) => matches(one, name)))
  return {
    names,
    problems: unknownNames(
      rules,
      databases.map(({ name }) => name),
    ),
  }
}

/** Whether something named it, so that even an empty one is meant. */
export function isNamed(rules: ScopeRules, name: string): boolean {
  return rules.includeDatabases.some((one) => matches(one, name))
}

/** Databases that providers keep for themselves. */
const providers: ReadonlySet<string> = new Set([
  'rdsadmin',
  'cloudsqladmin',
  'alloydbadmin',
  'alloydbmetadata',
  'azure_maintenance',
  'azure_sys',
  '_aiven',
  '_dodb',
])

/** A template can be named, but no pattern means it. */
function named(parts: readonly NamePart[], all: readonly Selectable[], usable: readonly Selectable[]): readonly Selectable[] {
  return all.filter((database) => parts.some((part) => matches(part, database.name) && (!isPattern(part) || usable.includes(database))))
}

/** An excluded name that isn't there is most likely misspelt, and what was meant would be replicated. */
function unknownNames({ includeDatabases, excludeDatabases }: ScopeRules, names: readonly string[]): Problem[] {
  return [...includeDatabases, ...excludeDatabases]
    .filter((part) => !names.some((name) => matches(part, name)))
    .map((part) =>
      problem('database-unknown', `The source has no database ${isPattern(part) ? 'that matches ' : ''}${part.text}.`, {
        hint: suggestion(part.text, names, `It has ${names.length}, among them ${names.slice(0, 12).join(', ')}.`),
        ...(part.position === undefined ? {} : { position: part.position }),
      }),
    )
}
