import { type Warning, warning } from '../errors.ts'
import { fieldOf, hidden, type Inventory, type InventoryObject } from './inventory.ts'
import { isReservedRole } from './role-rules.ts'
import { counted, listed } from './rules/listing.ts'

/** What of two inventories can be compared, and what can't because the target lacks what it would take. */
export interface Sides {
  readonly sameMajor: boolean
  /** Whether a differing fact is a difference, rather than what the target can't have or what its provider adds. */
  isComparable(fact: string, source: InventoryObject, target: InventoryObject): boolean
  /** Default privileges and user mappings are nothing without their role, grants on the system's objects nothing without their grantees. */
  isOfMissingRole(object: InventoryObject): boolean
  /** On what was left out so far. */
  warnings(): Warning[]
}

/** What is compared otherwise than everything else. */
export interface Exceptions {
  /** Addresses on the source: compared without whether a materialized view is filled. */
  readonly schemaOnly: ReadonlySet<string>
  /** The target follows the source: what replication doesn't carry was right once, and is made so again at the cutover. */
  readonly replicated: boolean
}

export function openComparability(source: Inventory, target: Inventory, { schemaOnly, replicated }: Exceptions): Sides {
  const missingRoles = new Set<string>()
  const missingTablespaces = new Set<string>()
  const differentVersions: string[] = []
  const hiddenFacts: string[] = []
  const movedOn: string[] = []
  const isMissing = (role: string | null | undefined): boolean => {
    if (role === undefined || role === null || target.roles.has(role) || !source.roles.has(role)) return false
    missingRoles.add(role)
    return true
  }
  const isComparableRole = (fact: string, one: InventoryObject, other: InventoryObject): boolean => {
    if (isOldPublic(one, source.major, target.major)) return false
    const owner = fieldOf(one.facts, 'owner')
    // What belongs to another role, for want of its own, grants that one what an owner has.
    if (isMissing(owner) && fact === `${privilegesOf}role ${fieldOf(other.facts, 'owner')}`) return false
    const role = fact === 'owner' ? owner : roleSuffix.exec(fact)?.[1]
    if (isMissing(role)) return false
    return role === undefined || source.roles.has(role) || !isReservedRole(role)
  }
  return {
    sameMajor: source.major === target.major,
    isComparable(fact, one, other) {
      const value = fieldOf(one.facts, fact)
      if (one.object === 'extension' && fact === 'version') {
        differentVersions.push(`${one.identity} (${value} on the source, ${fieldOf(other.facts, fact)} on the target)`)
        return false
      }
      if (value === hidden || fieldOf(other.facts, fact) === hidden) {
        hiddenFacts.push(`${fact} of ${one.object} ${one.identity}`)
        return false
      }
      if (fact === 'last value' && replicated) {
        movedOn.push(one.identity)
        return false
      }
      if (fact === 'populated') return !schemaOnly.has(one.address)
      if (fact === 'tablespace' && value !== undefined && !target.tablespaces.has(value)) {
        missingTablespaces.add(value)
        return false
      }
      return fact === 'owner' || roleSuffix.test(fact) || fact.startsWith(privilegesOf) ? isComparableRole(fact, one, other) : true
    },
    isOfMissingRole({ object, owner, facts }) {
      if (object === 'default acl' || object === 'user mapping') return isMissing(owner)
      if (object !== 'privileges') return false
      const roles = Object.keys(facts).map((fact) => roleSuffix.exec(fact)?.[1])
      return roles.filter(isMissing).length === roles.length
    },
    warnings: () => [
      ...[...missingRoles].map(missingRole),
      ...[...missingTablespaces].map(missingTablespace),
      ...differentVersions.map(differentVersion),
      ...(hiddenFacts.length === 0 ? [] : [hiddenFrom(hiddenFacts)]),
      ...(movedOn.length === 0 ? [] : [sequencesMovedOn(movedOn)]),
    ],
  }
}

/** Providers grant on the system's objects, and set default privileges for their own roles. */
export function isProviders({ object, owner }: InventoryObject): boolean {
  return object === 'privileges' || (object === 'default acl' && owner !== null && isReservedRole(owner))
}

const roleSuffix = / of role (.+)$/s
const privilegesOf = 'privileges of '

/** Before 15, initdb made the schema public its superuser's, and open to all; a dump doesn't carry the later default back. */
function isOldPublic({ object, identity }: InventoryObject, source: number, target: number): boolean {
  return object === 'schema' && identity === 'public' && source >= 15 && target < 15
}

function missingRole(role: string): Warning {
  return warning('role-skipped', `Role ${role} is not on the target: what it owns and what was granted to it was not compared.`)
}

function missingTablespace(tablespace: string): Warning {
  return warning('tablespace-missing', `Tablespace ${tablespace} is not on the target: what lies in it was compared without its place.`)
}

function differentVersion(extension: string): Warning {
  return warning('extension-version', `Extension ${extension} has another version: its own objects were not compared.`)
}

function sequencesMovedOn(sequences: readonly string[]): Warning {
  return warning('not-replicated', `The source has moved on in ${counted(sequences.length, 'sequence')}: ${listed(sequences)}.`, {
    hint: "Sequences aren't replicated. They're set at the cutover.",
  })
}

function hiddenFrom(facts: readonly string[]): Warning {
  return warning('privilege-missing', `Not compared, for a role may not read it: ${listed(facts)}.`, {
    hint: 'Grant SELECT on sequences; options of user mappings show to superusers alone.',
  })
}
