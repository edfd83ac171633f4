import type { Warning } from '../errors.ts'
import { type Exceptions, isProviders, openComparability, type Sides } from './comparability.ts'
import { fieldOf, type Inventory, type InventoryObject, type Values } from './inventory.ts'
import type { SchemaDifference } from './results.ts'
import { sameDefinition } from './same-definition.ts'

export interface SchemaComparison {
  readonly differences: readonly SchemaDifference[]
  readonly warnings: readonly Warning[]
}

/** Addresses of the source's objects. */
export interface OutOfScope extends Exceptions {
  /** Not compared, nor are their namesakes on the target. */
  readonly excluded: ReadonlySet<string>
}

/** Both sides' inventories against each other. */
export function compareInventories(source: Inventory, target: Inventory, { excluded, ...exceptions }: OutOfScope): SchemaComparison {
  const sides = openComparability(source, target, exceptions)
  const onSource = new Set(source.objects.map(key))
  const onTarget = new Map(target.objects.map((one) => [key(one), one]))
  const leftOut = leftOutKeys(source.objects, target.objects, excluded)
  const inScope = (one: InventoryObject) => !leftOut.has(key(one))
  const missing = source.objects.filter((one) => !onTarget.has(key(one)) && inScope(one) && !sides.isOfMissingRole(one))
  const extra = target.objects.filter((one) => !onSource.has(key(one)) && inScope(one) && !isProviders(one))
  const differences = [
    ...outermost(missing).map((one): SchemaDifference => ({ kind: 'missing', ...named(one), ...shown('source', one) })),
    ...outermost(extra).map((one): SchemaDifference => ({ kind: 'extra', ...named(one), ...shown('target', one) })),
    ...source.objects.filter(inScope).flatMap((one) => {
      const other = onTarget.get(key(one))
      return other === undefined ? [] : compareObjects(one, other, sides)
    }),
  ]
  return { differences, warnings: sides.warnings() }
}

const key = ({ object, identity }: InventoryObject) => `${object} ${identity}`

const named = ({ object, identity }: InventoryObject) => ({ object, identity })

function leftOutKeys(source: readonly InventoryObject[], target: readonly InventoryObject[], excluded: ReadonlySet<string>): Set<string> {
  if (excluded.size === 0) return new Set()
  const keys = new Set(within(source, excluded).map(key))
  const namesakes = new Set(target.filter((one) => keys.has(key(one))).map(({ address }) => address))
  return new Set([...keys, ...within(target, namesakes).map(key)])
}

function within(objects: readonly InventoryObject[], addresses: ReadonlySet<string>): InventoryObject[] {
  return objects.filter(({ address, parent }) => addresses.has(address) || addresses.has(parent ?? ''))
}

/** Of a missing table the columns and indexes needn't be told. */
function outermost(objects: readonly InventoryObject[]): InventoryObject[] {
  const addresses = new Set(objects.filter(({ parent, address }) => parent !== address).map(({ address }) => address))
  return objects.filter(({ parent }) => parent === null || !addresses.has(parent))
}

function shown(side: 'source' | 'target', { definitions }: InventoryObject): Partial<SchemaDifference> {
  const definition = fieldOf(definitions, 'definition')
  return definition === undefined ? {} : { [side]: definition }
}

type Line = readonly [source: string, target: string]

function compareObjects(source: InventoryObject, target: InventoryObject, sides: Sides): SchemaDifference[] {
  const line = (values: 'facts' | 'definitions') => (name: string) =>
    [`${name}: ${fieldOf(source[values], name) ?? 'none'}`, `${name}: ${fieldOf(target[values], name) ?? 'none'}`] as const
  const equal = (one: string, other: string) => one === other
  const same = (one: string, other: string) => sameDefinition(one, other, sides.sameMajor)
  const facts = differingNames(source.facts, target.facts, equal).filter((name) => sides.isComparable(name, source, target))
  const definitions = differingNames(source.definitions, target.definitions, same)
  const options = differingNames(source.options, target.options, equal)
  const lines: Line[] = [...facts.map(line('facts')), ...definitions.map(line('definitions')), ...options.map(optionLine(source, target))]
  if (lines.length === 0) return []
  const text = (side: 0 | 1) => lines.map((one) => one[side]).join('\n')
  return [{ kind: 'different', ...named(source), source: text(0), target: text(1) }]
}

function differingNames(source: Values, target: Values, same: (one: string, other: string) => boolean): string[] {
  const names = [...new Set([...Object.keys(source), ...Object.keys(target)])]
  return names.filter((name) => {
    const [one, other] = [fieldOf(source, name), fieldOf(target, name)]
    return one === undefined || other === undefined ? one !== other : !same(one, other)
  })
}

/** Values of options may be secrets. */
function optionLine(source: InventoryObject, target: InventoryObject): (name: string) => Line {
  return (name) => {
    const [onSource, onTarget] = [source, target].map(({ options }) => Object.hasOwn(options, name))
    const other = onSource === true ? 'another value' : 'a value'
    return [`option ${name}: ${onSource === true ? 'a value' : 'none'}`, `option ${name}: ${onTarget === true ? other : 'none'}`]
  }
}
