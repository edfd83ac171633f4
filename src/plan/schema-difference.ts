import { type Warning, warning } from '../errors.ts'
import type { Inventory, InventoryObject } from './inventory.ts'
import type { SchemaDifference } from './results.ts'
import { isReservedRole } from './role-rules.ts'
import { sameDefinition } from './same-definition.ts'

export interface SchemaComparison {
  readonly differences: readonly SchemaDifference[]
  readonly warnings: readonly Warning[]
}

/** Addresses of the source's objects. */
export interface OutOfScope {
  /** Not compared, nor are their namesakes on the target. */
  readonly excluded: ReadonlySet<string>
  /** Compared without whether a materialized view is filled. */
  readonly schemaOnly: ReadonlySet<string>
}

/** Both sides' inventories against each other. */
export function compareInventories(source: Inventory, target: Inventory, { excluded, schemaOnly }: OutOfScope): SchemaComparison {
  const sides: Sides = { source, target, schemaOnly, missingRoles: new Set(), missingTablespaces: new Set(), differentVersions: [] }
  const onSource = new Map(source.objects.map((one) => [key(one), one]))
  const onTarget = new Map(target.objects.map((one) => [key(one), one]))
  const leftOut = new Set(within(source.objects, excluded).map(key))
  const namesakes = new Set(target.objects.filter((one) => leftOut.has(key(one))).map(({ address }) => address))
  for (const one of within(target.objects, namesakes)) leftOut.add(key(one))
  const inScope = (one: InventoryObject) => !leftOut.has(key(one))
  const missing = source.objects.filter((one) => !onTarget.has(key(one)) && inScope(one) && !isOfMissingRole(one, sides))
  const extra = target.objects.filter((one) => !onSource.has(key(one)) && inScope(one) && !isProviders(one))
  const differences = [
    ...outermost(missing).map((one): SchemaDifference => ({ kind: 'missing', ...named(one), ...shown('source', one) })),
    ...outermost(extra).map((one): SchemaDifference => ({ kind: 'extra', ...named(one), ...shown('target', one) })),
    ...source.objects.filter(inScope).flatMap((one) => {
      const other = onTarget.get(key(one))
      return other === undefined ? [] : compareObjects(one, other, sides)
    }),
  ]
  return { differences, warnings: warningsOf(sides) }
}

interface Sides {
  readonly source: Inventory
  readonly target: Inventory
  readonly schemaOnly: ReadonlySet<string>
  /** What couldn't be compared, for the target lacks what it would take. */
  readonly missingRoles: Set<string>
  readonly missingTablespaces: Set<string>
  readonly differentVersions: string[]
}

function within(objects: readonly InventoryObject[], addresses: ReadonlySet<string>): InventoryObject[] {
  return objects.filter(({ address, parent }) => addresses.has(address) || addresses.has(parent ?? ''))
}

const key = ({ object, identity }: InventoryObject) => `${object} ${identity}`

const named = ({ object, identity }: InventoryObject) => ({ object, identity })

/** Of a missing table the columns and indexes needn't be told. */
function outermost(objects: readonly InventoryObject[]): InventoryObject[] {
  const addresses = new Set(objects.filter(({ parent, address }) => parent !== address).map(({ address }) => address))
  return objects.filter(({ parent }) => parent === null || !addresses.has(parent))
}

function shown(side: 'source' | 'target', { definitions }: InventoryObject): Partial<SchemaDifference> {
  const definition = definitions.get('definition')
  return definition === undefined ? {} : { [side]: definition }
}

function compareObjects(source: InventoryObject, target: InventoryObject, sides: Sides): SchemaDifference[] {
  const sameMajor = sides.source.major === sides.target.major
  const differing = [
    ...differingNames(source.facts, target.facts, (one, other) => one === other)
      .filter((name) => isComparable(name, source, target, sides))
      .map((name) => [`${name}: ${source.facts.get(name) ?? 'none'}`, `${name}: ${target.facts.get(name) ?? 'none'}`] as const),
    ...differingNames(source.definitions, target.definitions, (one, other) => sameDefinition(one, other, sameMajor)).map(
      (name) => [`${name}: ${source.definitions.get(name) ?? 'none'}`, `${name}: ${target.definitions.get(name) ?? 'none'}`] as const,
    ),
    ...differingNames(source.options, target.options, (one, other) => one === other).map(
      (name) =>
        [
          `option ${name}: ${source.options.has(name) ? 'a value' : 'none'}`,
          `option ${name}: ${otherValue(source, target, name)}`,
        ] as const,
    ),
  ]
  if (differing.length === 0) return []
  const [onSource, onTarget] = [0, 1].map((side) => differing.map((pair) => pair[side]).join('\n'))
  return [{ kind: 'different', ...named(source), source: onSource ?? '', target: onTarget ?? '' }]
}

function differingNames(
  source: ReadonlyMap<string, string>,
  target: ReadonlyMap<string, string>,
  same: (one: string, other: string) => boolean,
): string[] {
  const names = [...new Set([...source.keys(), ...target.keys()])]
  return names.filter((name) => {
    const [one, other] = [source.get(name), target.get(name)]
    return one === undefined || other === undefined ? one !== other : !same(one, other)
  })
}

function otherValue(source: InventoryObject, target: InventoryObject, name: string): string {
  if (!target.options.has(name)) return 'none'
  return source.options.has(name) ? 'another value' : 'a value'
}

const roleSuffix = / of role (.+)$/s

/** Whether a difference is one, rather than what the target can't have or what its provider adds. */
function isComparable(name: string, source: InventoryObject, target: InventoryObject, sides: Sides): boolean {
  const value = source.facts.get(name)
  if (source.object === 'extension' && name === 'version') {
    sides.differentVersions.push(`${source.identity} (${value} on the source, ${target.facts.get(name)} on the target)`)
    return false
  }
  if (name === 'populated' && sides.schemaOnly.has(source.address)) return false
  if (name === 'tablespace' && value !== undefined && !sides.target.tablespaces.has(value)) {
    sides.missingTablespaces.add(value)
    return false
  }
  if (name === 'owner' || name.startsWith(privilegesOf)) {
    if (isOldPublic(source, sides)) return false
    // What belongs to another role for want of its own grants that one what it needs.
    const owner = source.facts.get('owner')
    if (isMissing(owner, sides) && name === `${privilegesOf}role ${target.facts.get('owner')}`) return false
  }
  const role = name === 'owner' ? value : roleSuffix.exec(name)?.[1]
  if (isMissing(role, sides)) return false
  return role === undefined || sides.source.roles.has(role) || !isReservedRole(role)
}

const privilegesOf = 'privileges of '

/** Before 15, initdb made the schema public its superuser's, and open to all; a dump doesn't carry the later default back. */
function isOldPublic({ object, identity }: InventoryObject, { source, target }: Sides): boolean {
  return object === 'schema' && identity === 'public' && source.major >= 15 && target.major < 15
}

function isMissing(role: string | undefined, { source, target, missingRoles }: Sides): boolean {
  if (role === undefined || target.roles.has(role) || !source.roles.has(role)) return false
  missingRoles.add(role)
  return true
}

/** Default privileges and user mappings are nothing without their role. */
function isOfMissingRole({ object, owner, facts }: InventoryObject, { target, missingRoles }: Sides): boolean {
  const needed = [
    ...(object === 'default acl' || object === 'user mapping' ? [owner] : []),
    ...(object === 'privileges' ? grantees(facts) : []),
  ]
  const missing = needed.filter((role): role is string => role !== null && !target.roles.has(role))
  for (const role of missing) missingRoles.add(role)
  return missing.length > 0 && missing.length === needed.length
}

const grantees = (facts: InventoryObject['facts']) => [...facts.keys()].flatMap((name) => roleSuffix.exec(name)?.[1] ?? [])

/** Providers grant on their own objects, and set default privileges for their roles. */
function isProviders({ object, owner }: InventoryObject): boolean {
  return object === 'privileges' || (object === 'default acl' && owner !== null && isReservedRole(owner))
}

function warningsOf({ missingRoles, missingTablespaces, differentVersions }: Sides): Warning[] {
  return [
    ...[...missingRoles].map((role) =>
      warning('role-skipped', `Role ${role} is not on the target: what it owns and what was granted to it was not compared.`),
    ),
    ...[...missingTablespaces].map((tablespace) =>
      warning('tablespace-missing', `Tablespace ${tablespace} is not on the target: what lies in it was compared without its place.`),
    ),
    ...differentVersions.map((extension) =>
      warning('extension-version', `Extension ${extension} has another version: its own objects were not compared.`),
    ),
  ]
}
